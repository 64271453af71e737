package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.etcd.jetcd.api.ResponseHeader;
import io.tenure.etcd.StoreAge.Mark;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import org.junit.jupiter.api.Test;

class StoreAgeTest {
  private final StoreAge age = new StoreAge();
  private final Mark session = age.mark();

  private static ResponseHeader header(long cluster, long revision) {
    return ResponseHeader.newBuilder().setClusterId(cluster).setRevision(revision).build();
  }

  private void answered(long cluster, long revision) {
    age.answered(age.mark(), header(cluster, revision));
  }

  private void requireOver(Mark since) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> age.requireSameLife(since))
        .withMessageContaining("restored")
        .withMessageContaining("raise the generation")
        .matches(e -> e.outcome() == Outcome.STORE_REGRESSED);
  }

  @Test
  void aStoreThatGrowsLivesOn() {
    answered(7, 10);
    answered(7, 10);
    answered(7, 12);
    age.requireSameLife(session);
  }

  @Test
  void aRevisionThatGoesBackEndsWhatWasBefore() {
    answered(7, 10);
    answered(7, 9);
    requireOver(session);
    Mark next = age.mark();
    answered(7, 9);
    answered(7, 11);
    age.requireSameLife(next);
  }

  @Test
  void anotherClusterEndsWhatWasBeforeEvenIfItIsAhead() {
    answered(7, 10);
    answered(8, 100);
    requireOver(session);
  }

  @Test
  void anAnswerToARequestThatWasSentBeforeTheNewestOneMayBeOlder() {
    answered(7, 10);
    Mark sent = age.mark();
    answered(7, 12);
    age.answered(sent, header(7, 11));
    age.requireSameLife(session);
    answered(7, 11);
    requireOver(session);
  }

  @Test
  void answersToRequestsFromBeforeAChangeDoNotCountAgain() {
    answered(7, 10);
    Mark early = age.mark();
    answered(7, 5);
    Mark next = age.mark();
    age.answered(early, header(7, 5));
    age.answered(early, header(7, 11));
    age.requireSameLife(next);
    answered(7, 6);
    age.requireSameLife(next);
  }
}
