package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a lease says of itself, and how long. {@link LeaseEndTest} has how it ends. */
class HeldLeaseTest extends LeaseFixture {
  @Test
  void saysWhoseItIs() {
    HeldLease lease = hold();

    assertThat(lease.name()).isEqualTo("a");
    assertThat(lease.token()).isEqualTo(FencingToken.of(ScriptedStore.GENERATION, 1));
    assertThat(lease.context()).isSameAs(script.context);
    assertThat(lease.session()).isSameAs(script.context.sessions.live().orElseThrow());
    assertThat(lease.place().session()).isSameAs(lease.session());
    assertThat(lease).hasToString("Lease[a, token " + lease.token() + ", held]");
  }

  @Test
  void isHeldUntilTheDeadlineOfItsSessionAndNotAtIt() {
    store.beatsAtOnce = false;
    HeldLease lease = hold();

    time.pause(Script.USABLE.minus(NANO));
    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.remaining()).isEqualTo(NANO);

    time.pause(NANO);
    assertThat(lease.isHeld()).isFalse();
    assertThat(lease.remaining()).isZero();
    assertThat(lease).hasToString("Lease[a, token " + lease.token() + ", not held]");
    assertThat(told).as("nobody has noticed yet").isEmpty();
  }

  @Test
  void aLimitEndsItBeforeTheSessionDoes() {
    HeldLease lease = holdAtMost(LIMIT);
    assertThat(lease.remaining()).isEqualTo(LIMIT);

    time.pause(LIMIT.minus(NANO));
    assertThat(lease.remaining()).isEqualTo(NANO);
    assertThat(lease.isHeld()).isTrue();

    time.pause(NANO);
    assertThat(lease.isHeld()).isFalse();
    assertThat(lease.remaining()).isZero();
    time.pause(LIMIT);
    assertThat(lease.remaining()).isZero();
  }

  @Test
  void theSessionEndsItBeforeALongerLimit() {
    HeldLease lease = holdAtMost(Script.USABLE.multipliedBy(2));

    time.pause(Duration.ofSeconds(1));

    assertThat(lease.remaining()).isEqualTo(Script.USABLE.minusSeconds(1));
  }

  @Test
  void withoutALimitItLastsAsLongAsItIsRenewed() {
    HeldLease lease = hold();

    time.pass(Duration.ofHours(1));

    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.remaining()).isEqualTo(Script.USABLE);
    assertThat(told).isEmpty();
  }

  @Test
  void ensuresThatItIsHeldForLongEnough() {
    HeldLease lease = holdAtMost(LIMIT);

    assertThat(lease.ensureHeld(Duration.ZERO)).isSameAs(lease);
    assertThat(lease.ensureHeld(LIMIT)).isSameAs(lease);
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensureHeld(LIMIT.plusMillis(1)))
        .withMessageEndingWith(
            "has 8000 ms left, less than 8001 ms, 0 ms after its grant and 0 ms after the newest"
                + " renewal that succeeded was sent")
        .satisfies(e -> assertThat(e.reason()).isEmpty());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lease.ensureHeld(NANO.negated()))
        .withMessage("atLeast is zero or more, but this is PT-0.000000001S");
  }

  @Test
  void isNotEnsuredAfterALossThatNobodyNoticedYet() {
    store.beatsAtOnce = false;
    HeldLease lease = hold();

    time.pause(Script.USABLE);

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensureHeld(Duration.ZERO))
        .withMessageContaining("was lost: EXPIRED, 18900 ms after its grant and 18900 ms after")
        .satisfies(e -> assertThat(e.reason()).contains(LossReason.EXPIRED));
  }

  @Test
  void isNotEnsuredAfterALossAndSaysWhyAndHowOldEverythingIs() {
    HeldLease lease = hold();
    time.pass(Script.RENEW_EVERY);
    time.pass(Duration.ofSeconds(2));

    script.inLane(() -> lease.revoke(LossReason.REVOKED));

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensureHeld(Duration.ZERO))
        .withMessage(
            "the lease on 'a' (token "
                + lease.token()
                + ") was lost: REVOKED, 7000 ms after its grant and 2000 ms after the newest"
                + " renewal that succeeded was sent")
        .satisfies(e -> assertThat(e.reason()).contains(LossReason.REVOKED));
  }

  @Test
  void isNotEnsuredAfterItsRelease() {
    HeldLease lease = hold();

    lease.release();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensureHeld(Duration.ZERO))
        .withMessageContaining("was released, 0 ms after its grant")
        .satisfies(e -> assertThat(e.reason()).isEmpty());
  }
}
