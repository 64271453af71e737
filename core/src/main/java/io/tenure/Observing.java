package io.tenure;

import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Reads who stands in a queue, as candidates with their tokens. Futures complete in the lane. */
final class Observing {
  private final Context context;

  Observing(Context context) {
    this.context = context;
  }

  CompletableFuture<Optional<Candidate>> first(QueueName queue) {
    return all(queue).thenApply(candidates -> candidates.stream().findFirst());
  }

  CompletableFuture<List<Candidate>> all(QueueName queue) {
    CompletableFuture<List<Candidate>> result = new CompletableFuture<>();
    Consumer<StoreException> failed =
        e -> result.completeExceptionally(Failures.of("read of " + queue, e));
    context.lane.execute(
        () -> {
          if (context.open.isClosed()) {
            result.completeExceptionally(Failures.closed("read of " + queue));
            return;
          }
          withGeneration(
              generation ->
                  context.calls.call(
                      () -> context.store.read(queue, Detail.PAYLOADS),
                      view -> result.complete(candidates(view, generation)),
                      failed),
              failed);
        });
    return result;
  }

  /** Finds the operator's generation: the session's, or read for somebody who has none. */
  void withGeneration(IntConsumer then, Consumer<StoreException> failed) {
    Optional<LiveSession> session = context.sessions.live();
    if (session.isPresent()) {
      then.accept(session.get().generation());
    } else {
      GenerationCell.read(context, then, failed);
    }
  }

  static List<Candidate> candidates(QueueView view, int generation) {
    List<Candidate> candidates = new ArrayList<>();
    for (Entry entry : view.entries()) {
      if (entry.revision().isPresent()) {
        FencingToken token = FencingToken.of(generation, entry.revision().getAsLong());
        candidates.add(Identity.decode(entry.payload().orElse(new byte[0])).candidate(token));
      }
    }
    return List.copyOf(candidates);
  }
}
