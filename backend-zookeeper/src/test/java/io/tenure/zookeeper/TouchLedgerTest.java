package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TouchLedgerTest {
  private static final long TIMEOUT = 15_000;
  private static final long PING = 1_500;

  private long now = Long.MAX_VALUE - 5_000;
  private final long start = now;
  private final TouchLedger ledger = new TouchLedger(TIMEOUT, PING, () -> now);

  /** A sync that is sent now and answered after a while; returns what is proved from when sent. */
  private long sync(long roundTrip) {
    long sentAt = now;
    now += roundTrip;
    ledger.answered(sentAt);
    return ledger.validityNanos(sentAt);
  }

  private void at(long offset) {
    now = start + offset;
  }

  @Test
  void provesNothingBeforeAnyAnswer() {
    assertThat(ledger.validityNanos(now)).isZero();
  }

  @Test
  void provesTheWholeTimeoutFromWhatTheLeaderSawItself() {
    ledger.witnessed(now);

    assertThat(ledger.validityNanos(now)).isEqualTo(TIMEOUT);
  }

  @Test
  void shortensTheTimeoutByTheAgeOfTheTouch() {
    ledger.witnessed(now);
    at(4_000);

    assertThat(ledger.validityNanos(now)).isEqualTo(TIMEOUT - 4_000);
  }

  @Test
  void neverProvesMoreThanTheTimeout() {
    ledger.witnessed(start + 1_000);
    at(2_000);

    assertThat(ledger.validityNanos(start)).isEqualTo(TIMEOUT);
  }

  @Test
  void neverProvesLessThanNothing() {
    ledger.witnessed(start);
    at(20_000);

    assertThat(ledger.validityNanos(now)).isZero();
  }

  @Test
  void oneOrTwoAnswersProveNothingByThemselves() {
    assertThat(sync(10)).isZero();
    at(5_000);
    assertThat(sync(10)).isZero();
  }

  @Test
  void aThirdAnswerProvesTheFirstTouchWhenThePingCameInBetween() {
    sync(10);
    at(10 + PING);
    sync(10);
    at(20 + PING);

    assertThat(sync(10)).isEqualTo(TIMEOUT - (20 + PING));
  }

  @Test
  void aThirdAnswerProvesNothingWhenThereWasNoTimeForAPing() {
    sync(10);
    at(10 + PING - 1);
    sync(10);
    at(20 + PING);

    assertThat(sync(10)).isZero();
  }

  @Test
  void aRequestThatWasOnItsWayBeforeTheTouchesWereHandedOverProvesNothing() {
    sync(10);
    at(2_000);
    long messenger = now;
    long overtaken = now + 5;
    at(2_010);
    ledger.answered(messenger);
    ledger.answered(overtaken);

    assertThat(ledger.validityNanos(overtaken)).isZero();
  }

  @Test
  void theAnswersTimeCountsForThePingAndTheSendingTimeForTheTouch() {
    // Answered three seconds late: the touch is old, and the ping is looked for after the answer.
    sync(3_000);
    at(3_000 + PING - 1);
    sync(10);
    at(5_000);
    assertThat(sync(10)).isZero();
    at(6_000);
    assertThat(sync(10)).isEqualTo(TIMEOUT - 6_000);
  }

  @Test
  void heartbeatsWithASyncBetweenThemProveTheHeartbeatBefore() {
    long every = 5_000;
    long validity = 0;
    for (int i = 0; i < 10; i++) {
      at(i * every);
      validity = sync(10);
      at(i * every + 10 + PING);
      sync(10);
    }

    assertThat(validity).isEqualTo(TIMEOUT - every);
  }

  @Test
  void heartbeatsAloneProveTheOneBeforeTheLast() {
    long every = 2_000;
    long validity = 0;
    for (int i = 0; i < 10; i++) {
      at(i * every);
      validity = sync(10);
    }

    assertThat(validity).isEqualTo(TIMEOUT - 2 * every);
  }

  @Test
  void denseHeartbeatsStayAsGoodAsThePingAllows() {
    long validity = 0;
    for (int i = 0; i < 100_000; i++) {
      at(i);
      validity = sync(0);
    }

    // Two ping periods at the worst: one for the chain, one because the ledger is bounded.
    assertThat(validity).isGreaterThanOrEqualTo(TIMEOUT - 3 * PING);
  }

  @Test
  void aPauseShortensTheProofByItsLength() {
    for (int i = 0; i < 5; i++) {
      at(i * 5_000);
      sync(10);
      at(i * 5_000 + 10 + PING);
      sync(10);
    }
    // The last touch that can be known to have arrived is that of the sync after the heartbeat.
    at(20_000 + 12_000);

    assertThat(sync(10)).isEqualTo(TIMEOUT - 12_000);
  }
}
