package io.tenure.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A watch on one entry, until it departs. */
public interface Wait {
  /**
   * Completes when the entry is gone from the queue, for whatever reason. Fails when the watch was
   * disrupted so that a departure may have been missed: the caller reads the queue again then.
   *
   * @return the departure; never completes after {@link #cancel()}
   */
  CompletionStage<@Nullable Void> departed();

  /** Ends the watch and frees what it holds in the store and here. Idempotent, does not block. */
  void cancel();
}
