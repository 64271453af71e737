package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
  private static StoreException of(Outcome outcome) {
    return new StoreException(outcome, "for this test");
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_DONE, BackendUnavailableException, BackendUnavailableException, ",
    "UNKNOWN, BackendUnavailableException, OutcomeUnknownException, ",
    "SESSION_GONE, BackendUnavailableException, BackendUnavailableException, SESSION_LOST",
    "STORE_REGRESSED, BackendUnavailableException, OutcomeUnknownException, STORE_REGRESSED",
    "REFUSED, BackendRefusedException, BackendRefusedException, "
  })
  void eachOutcomeLooksLike(Outcome outcome, String read, String write, LossReason end) {
    StoreException e = of(outcome);

    assertThat(Failures.of("it", e)).hasMessage("it: for this test").hasCause(e);
    assertThat(Failures.of("it", e).getClass().getSimpleName()).isEqualTo(read);
    assertThat(Failures.ofWrite("it", e).getClass().getSimpleName()).isEqualTo(write);
    assertThat(Failures.endOfSession(e)).isEqualTo(Optional.ofNullable(end));
  }

  @Test
  void aWaitWithoutOneAnswerSaysHowLongItWasAndWhatFailedLast() {
    StoreException newest = of(Outcome.NOT_DONE);

    assertThat(Failures.unanswered("it", 12_000_000_000L, null))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage("it: the store gave no answer within 12 s")
        .hasNoCause();
    assertThat(Failures.unanswered("it", 12_000_000_000L, newest))
        .hasMessage("it: the store gave no answer within 12 s: for this test")
        .hasCause(newest);
    assertThat(Failures.closed("it")).hasMessage("it: the client is closed");
  }
}
