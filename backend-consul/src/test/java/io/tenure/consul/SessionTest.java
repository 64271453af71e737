package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tenure.Expected;
import io.tenure.spi.Enqueued;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionTest extends ConsulTest {
  private JsonObject info(StoreSession session) {
    return operator()
        .json("/v1/session/info/" + session.id())
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject();
  }

  @Test
  void itHasNoHealthChecksAndItsEndDeletesWhatItHolds() {
    JsonObject info = info(session());

    assertThat(info.get("NodeChecks").getAsJsonArray()).isEmpty();
    assertThat(info.get("ServiceChecks").isJsonNull()).isTrue();
    assertThat(info.get("Behavior").getAsString()).isEqualTo("delete");
    assertThat(info.get("LockDelay").getAsLong()).isZero();
    assertThat(info.get("TTL").getAsString()).isEqualTo("15000ms");
    assertThat(info.get("Name").getAsString()).isEqualTo("tester");
  }

  @Test
  void itIsGuaranteedForOneTimeToLiveThoughTheServerKeepsItForTwo() {
    StoreSession session = session();

    assertThat(session.ttl()).isEqualTo(TTL);
    assertThat(session.validityFromOpen()).isEqualTo(TTL);
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
  }

  @Test
  void aPartOfAMillisecondIsNotPromised() {
    StoreSession session = session(started(builder(), Duration.ofNanos(1_500_900_000)));
    assertThat(session.ttl()).isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void heartbeatsKeepItAndAreNoWrites() {
    StoreSession session = session(started(builder(), SHORT_TTL));
    Enqueued mine = enqueue(session, "a");
    long writes = operator().writes();
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(4)) {
      assertThat(answer(session.heartbeat())).isEqualTo(SHORT_TTL);
    }

    assertThat(operator().writes()).isEqualTo(writes);
    assertThat(entries(connect())).extracting("id").containsExactly(mine.self().id());
  }

  @Test
  void withoutHeartbeatsItEndsAfterTwoTimesToLiveAndNotBefore() {
    long start = System.nanoTime();
    StoreSession session = session(started(builder(), SHORT_TTL));
    enqueue(session, "a");
    StoreConnection other = connect();
    eventually(() -> assertThat(entries(other)).isEmpty());

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(SHORT_TTL.multipliedBy(2), SHORT_TTL.multipliedBy(2).plusSeconds(30));
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void whatItIsUsedForAfterAnOperatorDestroyedItFailsAsGone() {
    StoreSession session = session();
    Enqueued mine = enqueue(session, "a");
    operator().destroySession(session.id());

    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(outcome(session.enqueue(queue, entry("b")))).isEqualTo(Outcome.SESSION_GONE);
    assertThat(
            outcome(
                session.write(
                    Optional.empty(),
                    List.of(putEphemeral(namespace + "/k", Expected.absent(), "v")))))
        .isEqualTo(Outcome.SESSION_GONE);
    assertThat(answer(session.remove(mine.self()))).isFalse();
    assertThat(outcome(session.update(mine.self(), bytes("c")))).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void closingItDropsEverythingAndEndsItsWaits() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    Enqueued mine = enqueue(session, "a");
    Wait wait = session.awaitDeparture(mine.self(), mine.version());
    answer(session.close());
    answer(session.close());

    assertThat(entries(backend)).isEmpty();
    assertThat(operator().sessions()).doesNotContain(session.id());
    assertThat(((StoreException) failure(wait.departed())).outcome())
        .isEqualTo(Outcome.SESSION_GONE);
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(outcome(session.enqueue(queue, entry("b")))).isEqualTo(Outcome.SESSION_GONE);
    assertThat(outcome(session.awaitDeparture(mine.self(), 1).departed()))
        .isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void itCanBelongToANodeThatRunsNoAgent() {
    operator()
        .put(
            "/v1/catalog/register",
            "{\"Node\": \"" + namespace + "\", \"Address\": \"127.0.0.1\"}");
    StoreSession session = session(started(builder().sessionNode(namespace), TTL));
    assertThat(info(session).get("Node").getAsString()).isEqualTo(namespace);
    enqueue(session, "a");

    operator().put("/v1/catalog/deregister", "{\"Node\": \"" + namespace + "\"}");
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(entries(connect())).isEmpty();
  }

  @Test
  void aTimeToLiveThatTheServersDoNotAcceptIsRefused() {
    StoreConnection backend =
        started(builder().sessionTtlMin(Duration.ofMillis(100)), Duration.ofMillis(500));
    assertThat(outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void anEntryIsRefusedThatIsTooLargeForConsul() {
    StoreSession session = session();
    EntrySpec large = entry("x".repeat(600_000));
    assertThat(outcome(session.enqueue(queue, large))).isEqualTo(Outcome.REFUSED);
  }
}
