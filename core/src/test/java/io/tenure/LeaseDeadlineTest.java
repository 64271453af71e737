package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseDeadlineTest {
  private static final long MARGIN = 1_000;
  private static final long VALIDITY = 20_000;

  /** 0.5 % of the validity, for clocks of different rate. */
  private static final long DRIFT = 100;

  private static final long USABLE = VALIDITY - DRIFT - MARGIN;

  @Test
  void countsFromTheSendTimeLessDriftAndMargin() {
    LeaseDeadline deadline = new LeaseDeadline(5_000, VALIDITY, MARGIN);

    assertThat(deadline.remainingNanos(5_000)).isEqualTo(USABLE);
    assertThat(deadline.isOver(5_000 + USABLE - 1)).isFalse();
    assertThat(deadline.isOver(5_000 + USABLE)).isTrue();
    assertThat(deadline.remainingNanos(5_000 + USABLE + 7)).isZero();
  }

  @Test
  void whoSawItPassNeverSeesItAheadAgainThoughAProofWasOnItsWay() {
    LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);
    long readBeforeAPause = USABLE - 1;

    long seenAfterThePause = deadline.remainingNanos(USABLE);
    deadline.prove(USABLE - 2, VALIDITY, readBeforeAPause);

    assertThat(seenAfterThePause).isZero();
    assertThat(deadline.isOver(USABLE)).isTrue();
    assertThat(deadline.remainingNanos(USABLE)).isZero();
  }

  @Test
  void aLateAnswerCountsFromItsOwnSendTime() {
    LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);

    boolean taken = deadline.prove(3_000, VALIDITY, 9_000);

    assertThat(taken).isTrue();
    assertThat(deadline.remainingNanos(9_000)).isEqualTo(3_000 + USABLE - 9_000);
  }

  @Test
  void anOlderProofThatArrivesLaterTakesNothingBack() {
    LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);
    deadline.prove(6_000, VALIDITY, 7_000);

    deadline.prove(3_000, VALIDITY, 8_000);

    assertThat(deadline.remainingNanos(8_000)).isEqualTo(6_000 + USABLE - 8_000);
  }

  @Test
  void aProofThatProvedNothingNewTakesNothingBack() {
    LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);

    deadline.prove(6_000, 0, 7_000);

    assertThat(deadline.remainingNanos(7_000)).isEqualTo(USABLE - 7_000);
  }

  @Test
  void reservesWhatItTakesOff() {
    assertThat(LeaseDeadline.reserveNanos(VALIDITY, MARGIN)).isEqualTo(DRIFT + MARGIN);
  }

  @Test
  void aPassedDeadlineIsFinal() {
    LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);

    boolean taken = deadline.prove(USABLE - 1, VALIDITY, USABLE);

    assertThat(taken).isFalse();
    assertThat(deadline.isOver(USABLE)).isTrue();
  }

  @Test
  void anEndedDeadlineIsFinal() {
    LeaseDeadline deadline = new LeaseDeadline(0, VALIDITY, MARGIN);
    deadline.end();

    assertThat(deadline.prove(1, VALIDITY, 2)).isFalse();
    assertThat(deadline.isOver(2)).isTrue();
    assertThat(deadline.remainingNanos(2)).isZero();
  }

  @Test
  void anOverflowOfTheClockIsHarmless() {
    long sent = Long.MAX_VALUE - 10;
    LeaseDeadline deadline = new LeaseDeadline(sent, VALIDITY, MARGIN);

    assertThat(deadline.isOver(sent + USABLE - 1)).isFalse();
    assertThat(deadline.isOver(sent + USABLE)).isTrue();
  }

  @Test
  void neverOutlivesTheStoreHoweverAnswersArriveWhileClocksKeepTheirRate() {
    long seed = 20260118;
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      long now = random.nextLong();
      LeaseDeadline deadline = new LeaseDeadline(now, VALIDITY, MARGIN);
      long storeExpiry = now + VALIDITY;
      for (int step = 0; step < 30 && !deadline.isOver(now); step++) {
        long sent = now;
        long processed = sent + random.nextInt(3_000);
        long answered = processed + random.nextInt(3_000);
        if (processed - storeExpiry < 0) {
          storeExpiry = processed + VALIDITY;
          now = answered;
          deadline.prove(sent, VALIDITY, now);
        } else {
          now = answered;
        }
        assertThat(deadline.remainingNanos(now))
            .as("seed %d, run %d, step %d", seed, run, step)
            .isLessThanOrEqualTo(Math.max(0, storeExpiry - now));
      }
    }
  }
}
