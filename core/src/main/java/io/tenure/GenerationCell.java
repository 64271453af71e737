package io.tenure;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The operator's part of every token, as it stands in the store: a decimal number. */
final class GenerationCell {
  private GenerationCell() {}

  /** Reads it, in the lane; 0 if no operator ever set one. */
  static void read(Context context, IntConsumer then, Consumer<StoreException> failed) {
    context.calls.call(
        () -> context.store.get(context.names.generation()),
        cell -> {
          int generation;
          try {
            generation = of(cell);
          } catch (StoreException e) {
            failed.accept(e);
            return;
          }
          then.accept(generation);
        },
        failed);
  }

  /**
   * Reads what the cell holds, whoever wrote it.
   *
   * @throws StoreException as refused, if it is no generation
   */
  static int of(Optional<Versioned> cell) {
    return cell.isPresent() ? parse(cell.get().text().strip()) : 0;
  }

  private static int parse(String text) {
    try {
      int generation = Integer.parseInt(text);
      if (generation >= 0 && generation <= FencingToken.MAX_GENERATION) {
        return generation;
      }
    } catch (NumberFormatException e) {
      throw malformed(text, e);
    }
    throw malformed(text, new IllegalArgumentException("out of range"));
  }

  private static StoreException malformed(String text, RuntimeException cause) {
    return new StoreException(
        Outcome.REFUSED,
        "the namespace's generation is 0 to "
            + FencingToken.MAX_GENERATION
            + ", but the store holds '"
            + text
            + "'; an operator must set it right",
        cause);
  }
}
