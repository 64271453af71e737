package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnqueuingTest extends StoreTest {
  @Test
  void theFirstUseOfANameMakesTheQueueInTheSameFlight() throws Exception {
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = Await.get(connect(link.connectString()).openSession());
    link.holdAnswers();

    CompletionStage<Enqueued> answer = session.enqueue(QUEUE, entry("me"));

    // Nothing was answered yet, and everything is asked.
    Await.until("enqueued", () -> server.children(QUEUE_PATH).size() == 1);
    Await.until("listed", () -> link.sent(OpCode.getChildren2) == 1);
    assertThat(answer.toCompletableFuture()).isNotDone();
    link.releaseAnswers();
    assertThat(Await.get(answer).ahead()).isEmpty();
  }

  @Test
  void acquiringTakesOneFlightAndOneWriteAndReleasingTheSame() throws Exception {
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = Await.get(connect(link.connectString()).openSession());
    enqueue(session, "the one that made the queue");
    long zxid = server.zxid();
    long creates = link.sent(OpCode.create2);
    long lists = link.sent(OpCode.getChildren2);
    link.holdAnswers();

    CompletionStage<Enqueued> answer = session.enqueue(QUEUE, entry("me"));

    Await.until("listed", () -> link.sent(OpCode.getChildren2) == lists + 1);
    assertThat(link.sent(OpCode.create2)).isEqualTo(creates + 1);
    assertThat(answer.toCompletableFuture()).isNotDone();
    link.releaseAnswers();
    Entry self = Await.get(answer).self();
    assertThat(server.zxid()).isEqualTo(zxid + 1);

    assertThat(Await.get(session.remove(self))).isTrue();
    assertThat(server.zxid()).isEqualTo(zxid + 2);
  }

  @Test
  void theTokenIsTheNodesCreationAndTheOrderIsThatOfArrival() throws Exception {
    StoreSession session = session();
    StoreSession other = session();

    Enqueued first = enqueue(session, "first");
    Enqueued second = enqueue(other, "second");
    Enqueued third = enqueue(session, "third");

    assertThat(ids(first.ahead())).isEmpty();
    assertThat(ids(second.ahead())).containsExactly(first.self().id());
    assertThat(ids(third.ahead())).containsExactly(first.self().id(), second.self().id());
    assertThat(first.self().order()).isLessThan(second.self().order());
    assertThat(first.self().revision().getAsLong())
        .isLessThan(second.self().revision().getAsLong());
    long czxid = server.tree().getNode(third.self().locator()).stat.getCzxid();
    assertThat(third.self().revision()).hasValue(czxid);
    assertThat(third.version()).isGreaterThanOrEqualTo(czxid);
    assertThat(third.self().payload().orElseThrow()).isEqualTo(bytes("third"));
  }

  @Test
  void tokensGrowWhenTheQueueWasDeletedAndMadeAgain() throws Exception {
    StoreSession session = session();
    Entry before = enqueue(session, "before").self();
    Await.get(session.remove(before));
    server.collect(QUEUE_PATH);

    Entry after = enqueue(session, "after").self();

    assertThat(after.order()).as("ZooKeeper counts from the beginning").isEqualTo(before.order());
    assertThat(after.revision().getAsLong()).isGreaterThan(before.revision().getAsLong());
  }

  @Test
  void aQueueWhoseWholePathWasDeletedIsMadeAgain() throws Exception {
    StoreSession session = session();
    Await.get(session.remove(enqueue(session, "before").self()));
    server.collect(QUEUE_PATH);
    server.collect("/tenure/test/lock");
    server.collect("/tenure/test");
    server.collect("/tenure");

    assertThat(enqueue(session, "after").ahead()).isEmpty();
    assertThat(server.children(QUEUE_PATH)).hasSize(1);
  }

  @Test
  void namesOfTheGreatestLengthAreFine() throws Exception {
    QueueName longest = new QueueName("ns/lock/" + "%F0%9F%94%92".repeat(63) + "%41");

    Entry self = Await.get(session().enqueue(longest, entry("me"))).self();

    assertThat(server.exists(self.locator())).isTrue();
  }

  @Test
  void enqueueingTheSameEntryAgainFindsIt() throws Exception {
    StoreSession session = session();
    EntrySpec spec = entry("me");
    Entry ahead = enqueue(session, "ahead").self();
    Entry first = Await.get(session.enqueue(QUEUE, spec)).self();
    enqueue(session, "behind");

    Enqueued again = Await.get(session.enqueue(QUEUE, spec));

    assertThat(again.self().locator()).isEqualTo(first.locator());
    assertThat(again.self().revision()).isEqualTo(first.revision());
    assertThat(ids(again.ahead())).containsExactly(ahead.id());
    assertThat(server.children(QUEUE_PATH)).hasSize(3);
  }

  @Test
  void anEntryThatIsAskedForTwiceAtOnceIsMadeOnce() throws Exception {
    StoreSession session = session();
    EntrySpec spec = entry("me");

    CompletionStage<Enqueued> one = session.enqueue(QUEUE, spec);
    CompletionStage<Enqueued> two = session.enqueue(QUEUE, spec);

    assertThat(Await.get(two).self().locator()).isEqualTo(Await.get(one).self().locator());
    assertThat(server.children(QUEUE_PATH)).hasSize(1);
  }

  @Test
  void anEntryWhoseAnswerWasLostIsUnknownAndFoundWhenAskedForAgain(@TempDir Path directory)
      throws Exception {
    startPatientServer(directory);
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = Await.get(connectPatiently(link.connectString()).openSession());
    EntrySpec spec = entry("me");
    link.holdAnswers();
    CompletionStage<Enqueued> lost = session.enqueue(QUEUE, spec);
    Await.until("made", () -> server.children(QUEUE_PATH).size() == 1);
    link.cut();
    assertThat(Await.outcome(lost)).isEqualTo(Outcome.UNKNOWN);

    Enqueued found = Await.definite(() -> session.enqueue(QUEUE, spec));

    assertThat(server.children(QUEUE_PATH)).hasSize(1);
    assertThat(found.self().locator()).endsWith(server.children(QUEUE_PATH).get(0));
    assertThat(found.self().revision())
        .hasValue(server.tree().getNode(found.self().locator()).stat.getCzxid());
  }

  @Test
  void anEntryThatNeverArrivedIsMadeWhenAskedForAgain(@TempDir Path directory) throws Exception {
    startPatientServer(directory);
    StoreSession session = Await.get(connectPatiently(server.connectString()).openSession());
    EntrySpec spec = entry("me");
    server.stop();
    assertThat(Await.outcome(session.enqueue(QUEUE, spec))).isEqualTo(Outcome.UNKNOWN);
    server.restart();
    Await.until("connected", () -> isDone(session.heartbeat()));

    assertThat(Await.get(session.enqueue(QUEUE, spec)).ahead()).isEmpty();
    assertThat(server.children(QUEUE_PATH)).hasSize(1);
  }

  @Test
  void anEntryWhoseAnswerWasLostCanBeWithdrawn(@TempDir Path directory) throws Exception {
    startPatientServer(directory);
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = Await.get(connectPatiently(link.connectString()).openSession());
    EntrySpec spec = entry("me");
    link.holdAnswers();
    CompletionStage<Enqueued> lost = session.enqueue(QUEUE, spec);
    Await.until("made", () -> server.children(QUEUE_PATH).size() == 1);
    link.cut();
    assertThat(Await.outcome(lost)).isEqualTo(Outcome.UNKNOWN);

    // An answer may be lost once more, and the next one then finds nothing left to remove.
    Await.definite(() -> session.withdraw(QUEUE, spec.id()));

    assertThat(server.children(QUEUE_PATH)).isEmpty();
    assertThat(Await.get(session.withdraw(QUEUE, spec.id()))).isFalse();
  }

  @Test
  void withdrawingFromAQueueThatDoesNotExistFindsNothing() throws Exception {
    assertThat(Await.get(session().withdraw(QUEUE, entry("").id()))).isFalse();
  }

  @Test
  void removingTouchesOneEntryOnlyAndOnlyOnce() throws Exception {
    StoreSession session = session();
    Entry one = enqueue(session, "one").self();
    Entry two = enqueue(session, "two").self();

    assertThat(Await.get(session.remove(one))).isTrue();
    assertThat(Await.get(session.remove(one))).isFalse();

    assertThat(server.exists(two.locator())).isTrue();
  }

  @Test
  void updatingReplacesThePayloadAndNothingElse() throws Exception {
    StoreSession session = session();
    Entry self = enqueue(session, "before").self();

    Await.get(session.update(self, bytes("after")));

    Entry seen = Await.get(connect().read(QUEUE, Detail.PAYLOADS)).entries().get(0);
    assertThat(seen.payload().orElseThrow()).isEqualTo(bytes("after"));
    assertThat(seen.order()).isEqualTo(self.order());
    assertThat(seen.revision()).isEqualTo(self.revision());
    Await.get(session.remove(self));
    assertThat(Await.outcome(session.update(self, bytes("late")))).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void whatAStrangerPutsIntoTheQueueIsIgnored() throws Exception {
    StoreSession session = session();
    CuratorFramework stranger = curator();
    for (String name : List.of("x", "w.123-0000000001", "lock-", "w.%00", "~")) {
      stranger.create().creatingParentsIfNeeded().forPath(QUEUE_PATH + "/" + name);
    }
    stranger
        .create()
        .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
        .forPath(QUEUE_PATH + "/_c_1-lock-");

    Enqueued me = enqueue(session, "me");

    assertThat(me.ahead()).isEmpty();
    QueueView view = Await.get(connect().read(QUEUE, Detail.PAYLOADS));
    assertThat(ids(view.entries())).containsExactly(me.self().id());
  }

  @Test
  void aQueueThatDoesNotExistReadsAsEmpty() throws Exception {
    StoreConnection backend = connect();

    assertThat(Await.get(backend.read(QUEUE, Detail.NAMES)).entries()).isEmpty();
    assertThat(Await.get(backend.read(QUEUE, Detail.PAYLOADS)).entries()).isEmpty();
  }

  @Test
  void aViewShowsEveryEntryInOrderAndPayloadsWhenAsked() throws Exception {
    StoreSession session = session();
    Entry one = enqueue(session, "one").self();
    Entry two = enqueue(session, "two").self();
    StoreConnection reader = connect();

    QueueView names = Await.get(reader.read(QUEUE, Detail.NAMES));
    QueueView payloads = Await.get(reader.read(QUEUE, Detail.PAYLOADS));

    assertThat(ids(names.entries())).containsExactly(one.id(), two.id());
    assertThat(ids(payloads.entries())).containsExactly(one.id(), two.id());
    assertThat(payloads.entries().get(1).revision()).isEqualTo(two.revision());
    assertThat(payloads.entries().get(1).payload().orElseThrow()).isEqualTo(bytes("two"));
    assertThat(names.version()).isGreaterThanOrEqualTo(two.revision().getAsLong());
  }

  @Test
  void aSessionTakesNoMoreNodesThanItsServerCanEnd() throws Exception {
    StoreSession session = session();
    QueueName longest = new QueueName("ns/lock/" + "%41".repeat(255));
    Entry first = Await.get(session.enqueue(longest, entry("first"))).self();
    int fit = Belongings.MAX_PATH_BYTES / first.locator().length();
    CompletionStage<Enqueued> last = session.enqueue(longest, entry("second"));
    for (int i = 2; i < fit; i++) {
      last = session.enqueue(longest, entry("n" + i));
    }
    Await.get(last);

    StoreException failure = Await.failure(session.enqueue(longest, entry("one too many")));
    assertThat(failure.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(failure).hasMessageContaining("cannot start again");

    Await.get(session.remove(first));
    Await.get(session.enqueue(longest, entry("has room again")));
  }

  @Test
  void theEndOfTheServersCounterDoesNotMakeTwoEntriesFirst() throws Exception {
    StoreSession session = session();
    Await.get(session.remove(enqueue(session, "makes the queue").self()));
    server.tree().getNode(QUEUE_PATH).stat.setCversion(Integer.MAX_VALUE - 1);

    // The server gives the last number again and again, and to requests in a row negative ones.
    Enqueued first = enqueue(session, "last good number");
    Enqueued second = enqueue(session, "stuck");
    CompletionStage<Enqueued> three = session.enqueue(QUEUE, entry("stuck"));
    CompletionStage<Enqueued> four = session.enqueue(QUEUE, entry("in a row"));
    Enqueued third = Await.get(three);
    Enqueued fourth = Await.get(four);
    Enqueued fifth = enqueue(session, "stuck");

    List<String> arrival =
        List.of(first, second, third, fourth, fifth).stream()
            .map(each -> each.self().id())
            .toList();
    assertThat(ids(first.ahead())).isEmpty();
    assertThat(ids(second.ahead())).isEqualTo(arrival.subList(0, 1));
    assertThat(ids(third.ahead())).isEqualTo(arrival.subList(0, 2));
    assertThat(ids(fourth.ahead())).isEqualTo(arrival.subList(0, 3));
    assertThat(ids(fifth.ahead())).isEqualTo(arrival.subList(0, 4));
    assertThat(ids(Await.get(connect().read(QUEUE, Detail.NAMES)).entries())).isEqualTo(arrival);
    assertThat(ids(Await.get(connect().read(QUEUE, Detail.PAYLOADS)).entries())).isEqualTo(arrival);
  }

  private static List<String> ids(List<Entry> entries) {
    return entries.stream().map(Entry::id).toList();
  }
}
