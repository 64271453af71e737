package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.TcpProxy;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueuingTest extends ConsulTest {
  private String prefix() {
    return "tenure/" + queue.path() + "/";
  }

  private long createIndex(Entry entry) {
    return operator()
        .json(Keys.url(entry.locator()))
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .get("CreateIndex")
        .getAsLong();
  }

  @Test
  void theOrderIsThatOfTheArrivalsAndEveryoneAheadIsShown() {
    Enqueued first = enqueue(session(), "one");
    Enqueued second = enqueue(session(), "two");
    Enqueued third = enqueue(session(), "three");

    assertThat(first.ahead()).isEmpty();
    assertThat(ids(second.ahead())).containsExactly(first.self().id());
    assertThat(ids(third.ahead())).containsExactly(first.self().id(), second.self().id());
    assertThat(third.ahead().get(0).payload())
        .hasValueSatisfying(is -> assertThat(is).asString().isEqualTo("one"));
    assertThat(third.version()).isGreaterThanOrEqualTo(third.self().order());
  }

  @Test
  void theTokenIsTheIndexOfTheEntrysCreation() {
    Enqueued mine = enqueue(session(), "a");
    assertThat(mine.self().revision()).hasValue(createIndex(mine.self()));
  }

  @Test
  void itIsOneWriteAndSoIsTheRemoval() {
    StoreSession session = session();
    long writes = operator().writes();
    Enqueued mine = enqueue(session, "a");
    assertThat(operator().writes() - writes).isOne();
    assertThat(answer(session.remove(mine.self()))).isTrue();
    assertThat(operator().writes() - writes).isEqualTo(2);
  }

  @Test
  void theSameEntryAgainKeepsItsPlace() {
    StoreSession session = session();
    EntrySpec spec = entry("a");
    Enqueued once = answer(session.enqueue(queue, spec));
    enqueue(session(), "b");
    Enqueued twice = answer(session.enqueue(queue, spec));

    assertThat(twice.self().order()).isEqualTo(once.self().order());
    assertThat(twice.self().revision()).isEqualTo(once.self().revision());
    assertThat(twice.ahead()).isEmpty();
    assertThat(operator().keys(prefix())).hasSize(2);
  }

  @Test
  void anEntryOfAnotherSessionIsNotTaken() {
    EntrySpec spec = entry("a");
    answer(session().enqueue(queue, spec));
    assertThat(outcome(session().enqueue(queue, spec))).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void updatingKeepsPlaceAndRevision() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    Enqueued mine = enqueue(session, "a");
    answer(session.update(mine.self(), bytes("b")));

    Entry now = entries(backend).get(0);
    assertThat(now.order()).isEqualTo(mine.self().order());
    assertThat(now.revision()).isEqualTo(mine.self().revision());
    assertThat(now.payload().orElseThrow()).asString().isEqualTo("b");
    answer(session.remove(mine.self()));
    assertThat(outcome(session.update(mine.self(), bytes("c")))).isEqualTo(Outcome.NOT_DONE);
    assertThat(entries(backend)).isEmpty();
  }

  @Test
  void removingTellsWhetherTheEntryWasThere() {
    StoreSession session = session();
    Enqueued mine = enqueue(session, "a");

    assertThat(answer(session.remove(mine.self()))).isTrue();
    assertThat(answer(session.remove(mine.self()))).isFalse();
  }

  @Test
  void anEntryOfAnotherSessionIsNotRemoved() {
    Enqueued theirs = enqueue(session(), "a");
    StoreSession session = session();

    assertThat(answer(session.remove(theirs.self()))).isFalse();
    assertThat(answer(session.withdraw(queue, theirs.self().id()))).isFalse();
    assertThat(operator().keys(prefix())).hasSize(1);
  }

  @Test
  void anEntryWhoseAnswerWasLostIsFoundByItsId() {
    StoreSession session = session();
    EntrySpec spec = entry("a");
    answer(session.enqueue(queue, spec));
    enqueue(session, "b");

    assertThat(answer(session.withdraw(queue, spec.id()))).isTrue();
    assertThat(answer(session.withdraw(queue, spec.id()))).isFalse();
    assertThat(operator().keys(prefix())).hasSize(1);
  }

  @Test
  void anEnqueueThatArrivesAfterItsWithdrawalMakesNoGhost() {
    StoreSession session = session();
    EntrySpec spec = entry("a");
    assertThat(answer(session.withdraw(queue, spec.id()))).isFalse();
    // The very request that was given up, as an agent may still find it in its buffer.
    assertThat(outcome(session.enqueue(queue, spec))).isEqualTo(Outcome.REFUSED);
    assertThat(operator().keys(prefix())).isEmpty();

    assertThat(withdrawn(spec)).hasSize(1);
    answer(session.close());
    assertThat(withdrawn(spec)).isEmpty();
  }

  private List<String> withdrawn(EntrySpec spec) {
    return operator().keys("tenure/.withdrawn/" + spec.id());
  }

  @Test
  void theRemovalOfAnEntryWithAnUnansweredEnqueueBehindItIsFinalToo() throws Exception {
    StoreServer server = SharedServer.get();
    TcpProxy cable = closeLater(TcpProxy.to(server.host(), server.port()));
    StoreConnection backend =
        closeLater(
            ConsulBackend.connect("http://" + cable.address())
                .open(spec(TTL, Duration.ofSeconds(2))));
    StoreSession session = session(backend);
    EntrySpec removed = entry("a");
    EntrySpec gone = entry("b");
    cable.cut();
    CompletionStage<Enqueued> lost = session.enqueue(queue, removed);
    CompletionStage<Enqueued> lostToo = session.enqueue(queue, gone);
    assertThat(outcome(lost)).isEqualTo(Outcome.UNKNOWN);
    assertThat(outcome(lostToo)).isEqualTo(Outcome.UNKNOWN);
    cable.heal();
    Entry first = answered(() -> session.enqueue(queue, removed)).self();
    Entry second = answered(() -> session.enqueue(queue, gone)).self();
    operator().delete(Keys.url(second.locator()));

    assertThat(answered(() -> session.remove(first))).isTrue();
    assertThat(answered(() -> session.remove(second))).isFalse();
    for (EntrySpec spec : List.of(removed, gone)) {
      assertThat(withdrawn(spec)).hasSize(1);
      assertThat(refused(() -> session.enqueue(queue, spec))).isEqualTo(Outcome.REFUSED);
    }
    assertThat(operator().keys(prefix())).isEmpty();
  }

  @Test
  void whatStrangersPutIntoTheQueueIsIgnored() {
    String likeAnEntry = "w.00000000000000000000000000000000";
    operator().put(Keys.url(prefix() + "note"), "x");
    operator().put(Keys.url(prefix() + "inner/" + likeAnEntry), "x");
    // Nobody holds it, so nobody's end would delete it.
    operator().put(Keys.url(prefix() + likeAnEntry), "x");
    Enqueued mine = enqueue(session(), "a");

    assertThat(mine.ahead()).isEmpty();
    assertThat(ids(entries(connect()))).containsExactly(mine.self().id());
    operator().delete(Keys.url(prefix()) + "?recurse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%2F", "%25", "a%2Fb/c", "%2E%2E", "%C3%A9", "-", "a%20b%3Fc%23d"})
  void oddNamesAreKeptApartAndFound(String odd) {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    QueueName name = new QueueName(namespace + "/lock/" + odd);
    Enqueued mine = answer(session.enqueue(name, entry("a")));

    assertThat(operator().keys("tenure/" + name.path() + "/"))
        .containsExactly(mine.self().locator());
    assertThat(ids(answer(backend.read(name, Detail.NAMES)).entries()))
        .containsExactly(mine.self().id());
    assertThat(entries(backend)).isEmpty();
    assertThat(answer(session.remove(mine.self()))).isTrue();
  }

  @Test
  void aQueueThatDoesNotExistReadsAsEmpty() {
    assertThat(answer(connect().read(queue, Detail.NAMES)).entries()).isEmpty();
  }

  @Test
  void namesAloneHaveNoPayload() {
    StoreConnection backend = connect();
    Enqueued mine = enqueue(session(backend), "a");
    QueueView names = answer(backend.read(queue, Detail.NAMES));

    assertThat(names.entries().get(0).payload()).isEmpty();
    assertThat(names.version()).isGreaterThanOrEqualTo(mine.version());
  }
}
