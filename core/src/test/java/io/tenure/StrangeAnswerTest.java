package io.tenure;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.spi.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backend that answers another question than was asked: the writer hears that nobody knows. */
class StrangeAnswerTest {
  static List<WriteOutcome> strange() {
    return List.of(
        new WriteOutcome.Applied(List.of()),
        new WriteOutcome.Mismatch(1, Optional.empty()),
        new WriteOutcome.HolderGone());
  }

  @ParameterizedTest
  @MethodSource("strange")
  void anAnswerThatFitsNoWriteEndsItAsUnknown(WriteOutcome answer) {
    Stage stage = new Stage();
    stage.store.written = answer;
    CompletableFuture<CasResult> written =
        new StoreCells(stage.context).compareAndSwapAsync("a", Expected.absent(), new byte[1]);
    stage.callUsers();
    assertThatThrownBy(() -> written.getNow(null))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("the backend answered")
        .hasMessageContaining("to a write of 1 cells");
  }
}
