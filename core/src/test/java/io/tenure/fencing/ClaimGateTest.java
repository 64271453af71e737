package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Who is let in at once, and who is not: nobody waits here. {@link FencingVerifierTest} has that.
 */
class ClaimGateTest {
  private final ClaimGate gate = new ClaimGate("accounts/42");

  /** Without patience, so that whoever would have to wait is refused. */
  private Admission enter(long token) throws InterruptedException {
    return gate.enter(FencingToken.of(token), HighWaterMark.NO_SEQUENCE, 0);
  }

  private void assertWouldWait(long token, String message) {
    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(() -> enter(token))
        .withMessage(message)
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(ClaimRefusedException.Reason.UNCHECKED);
  }

  @Test
  void whoFindsNobodyIsLetInAtOnce() throws InterruptedException {
    assertThat(enter(5)).isEqualTo(Admission.APPLY);
  }

  @Test
  void requestsOfOneTokenAreLetInTogether() throws InterruptedException {
    enter(5);

    assertThat(enter(5)).isEqualTo(Admission.APPLY);
  }

  @Test
  void aNewerTokenIsNotLetInBeforeEveryRequestOfTheOlderOneHasEnded() throws InterruptedException {
    enter(5);
    enter(5);
    assertWouldWait(6, "2 requests of the older token 5 have not ended within 0 ms");

    gate.leave();
    assertWouldWait(6, "1 requests of the older token 5 have not ended within 0 ms");

    gate.leave();
    assertThat(enter(6)).isEqualTo(Admission.APPLY);
    assertWouldWait(7, "1 requests of the older token 6 have not ended within 0 ms");
  }

  @Test
  void noOlderRequestBeginsOnceANewerOneHasArrived() throws InterruptedException {
    enter(5);
    assertWouldWait(6, "1 requests of the older token 5 have not ended within 0 ms");

    assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> enter(5));
  }

  @Test
  void aRequestThatIsNotLetInIsNotOneThatRuns() throws InterruptedException {
    long sequence = 1;
    gate.enter(FencingToken.of(5), sequence, 0);
    gate.leave();

    assertThat(gate.enter(FencingToken.of(5), sequence, 0)).isEqualTo(Admission.APPLIED_BEFORE);

    assertThat(enter(6)).isEqualTo(Admission.APPLY);
  }

  @Test
  void patienceIsUsedUpByOlderRequestsThatDoNotEnd() throws InterruptedException {
    enter(5);

    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(
            () ->
                gate.enter(
                    FencingToken.of(6), HighWaterMark.NO_SEQUENCE, Duration.ofMillis(1).toNanos()))
        .withMessage("1 requests of the older token 5 have not ended within 1 ms");
  }
}
