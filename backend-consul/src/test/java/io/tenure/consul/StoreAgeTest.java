package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.consul.FakeAgent.Answer;
import io.tenure.consul.FakeAgent.Asked;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a heartbeat proves, and what becomes of a session whose store goes back in time. */
class StoreAgeTest extends ConsulTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";

  private final EntrySpec spec = new EntrySpec(ID, "w", bytes("a"));
  private volatile Answer renewal = Answer.renewed();
  private volatile Answer look = Answer.missing(100);
  private volatile long created = 101;
  private FakeAgent agent;
  private StoreConnection backend;
  private StoreSession session;

  @BeforeEach
  void open() throws Exception {
    agent = closeLater(FakeAgent.start(this::answerTo));
    backend = closeLater(ConsulBackend.connect(agent.url()).open(spec(TTL)));
    session = answer(backend.openSession());
    awaitLooks(1);
  }

  private CompletableFuture<Answer> answerTo(Asked asked) {
    if (asked.opensSession()) {
      return Answer.created().now();
    }
    if (asked.renewsSession()) {
      return renewal.now();
    }
    if (asked.looks()) {
      return look.now();
    }
    String key = "tenure/" + queue.path() + "/w." + ID;
    String pair =
        "{\"KV\": {\"Key\": \"%s\", \"Session\": \"%s\", \"CreateIndex\": %d, \"ModifyIndex\": %d}}"
            .formatted(key, FakeAgent.SESSION, created, created);
    return Answer.ok("{\"Results\": [" + pair + ", " + pair + "]}").now();
  }

  private long looks() {
    return agent.asked().stream().filter(Asked::looks).count();
  }

  private void awaitLooks(long count) {
    eventually(() -> assertThat(looks()).isGreaterThanOrEqualTo(count));
  }

  private void assertEnds() {
    eventually(() -> assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED));
    assertThat(failure(session.heartbeat())).hasMessageContaining("went back");
    assertThat(outcome(session.enqueue(queue, spec))).isEqualTo(Outcome.STORE_REGRESSED);
  }

  @Test
  void aRenewalThatShowsTheSessionProvesItsTimeToLive() {
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "[{\"ID\": \"another-session\"}]", "<html>Log in</html>", "true", ""})
  void anAnswerThatDoesNotShowTheSessionProvesNothing(String body) {
    renewal = Answer.ok(body);
    assertThat(outcome(session.heartbeat())).isNotEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void aRenewalThatIsAnsweredWithAnErrorProvesNothingAndASessionThatIsNotFoundIsGone() {
    renewal = new Answer(500, "rpc error", Map.of());
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.NOT_DONE);
    renewal = new Answer(404, "Session id 'some-session' not found", Map.of());
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void anIndexThatFallsEndsTheSessionWithThatReasonAndTheNextOneLives() {
    answer(session.enqueue(queue, spec));
    look = Answer.missing(50);
    assertEnds();

    look = Answer.missing(51);
    created = 51;
    StoreSession next = answer(backend.openSession());
    assertThat(answer(next.enqueue(queue, spec)).self().revision()).hasValue(51);
    assertThat(answer(next.heartbeat())).isEqualTo(TTL);
  }

  @Test
  void aStoreThatWasReplacedAndDoesNotKnowTheSessionIsNotTakenForAnEndedSession() {
    answer(session.enqueue(queue, spec));
    look = Answer.missing(3);
    renewal = new Answer(404, "Session id 'some-session' not found", Map.of());

    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.STORE_REGRESSED);
  }

  @Test
  void anEntryWithATokenBelowEarlierOnesIsNotAnsweredButEndsTheSession() {
    answer(session.enqueue(queue, spec));
    created = 52;
    look = Answer.missing(52);
    StoreException end = (StoreException) failure(session.enqueue(queue, spec));
    assertThat(end.outcome()).isEqualTo(Outcome.STORE_REGRESSED);
  }

  @Test
  void anOldEntryThatIsAskedForAgainIsNoSign() {
    answer(session.enqueue(queue, spec));
    look = Answer.missing(200);
    assertThat(answer(session.enqueue(queue, spec)).self().revision()).hasValue(101);
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
  }

  @Test
  void whetherAnEntryIsOldIsUnknownIfTheStoreDoesNotSay() {
    answer(session.enqueue(queue, spec));
    look = new Answer(500, "rpc error", Map.of());
    assertThat(outcome(session.enqueue(queue, spec))).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aLookThatFailsOrFindsSomethingIsNoSign() {
    answer(session.enqueue(queue, spec));
    look = new Answer(500, "rpc error", Map.of());
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
    look = Answer.found(7, "[{\"Key\": \"tenure/.nowhere\", \"ModifyIndex\": 7}]");
    long before = looks();
    eventually(
        () -> {
          assertThat(answer(session.heartbeat())).isEqualTo(TTL);
          assertThat(looks()).isGreaterThan(before + 1);
        });
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
  }
}
