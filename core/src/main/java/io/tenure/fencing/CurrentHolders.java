package io.tenure.fencing;

import io.tenure.Candidate;
import io.tenure.FencingToken;
import io.tenure.spi.Ticker;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the store says about who holds a name, remembered for a while. An answer's age counts from
 * when the store was asked, not from when it answered.
 */
final class CurrentHolders {
  private final Function<String, CompletableFuture<Optional<Candidate>>> store;
  private final long maxAgeNanos;
  private final Ticker ticker;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();

  CurrentHolders(
      Function<String, CompletableFuture<Optional<Candidate>>> store,
      long maxAgeNanos,
      Ticker ticker) {
    this.store = store;
    this.maxAgeNanos = maxAgeNanos;
    this.ticker = ticker;
  }

  private record Reading(long sentNanos, CompletableFuture<Optional<Candidate>> answer) {
    boolean isUsable(long sinceNanos) {
      return sentNanos - sinceNanos >= 0 && !answer.isCompletedExceptionally();
    }
  }

  /**
   * Refuses a claim unless its owner holds its name with its token.
   *
   * @throws ClaimRefusedException if it does not, or if the store cannot be asked
   */
  void confirm(FencingClaim claim) throws InterruptedException {
    long arrivedNanos = ticker.read();
    Reading reading = readingSince(arrivedNanos - maxAgeNanos, claim.name());
    Optional<Candidate> holder = await(reading);
    /* An answer from before this request may not know of its sender, unless somebody newer leads. */
    if (!isHeldBy(claim, holder)
        && !isSucceededBy(holder, claim)
        && !reading.isUsable(arrivedNanos)) {
      holder = await(readingSince(arrivedNanos, claim.name()));
    }
    if (!isHeldBy(claim, holder)) {
      throw refusal(claim, holder);
    }
  }

  private Reading readingSince(long sinceNanos, String name) {
    Reading mine = new Reading(ticker.read(), new CompletableFuture<>());
    Reading chosen = readings.merge(name, mine, (old, its) -> old.isUsable(sinceNanos) ? old : its);
    if (chosen == mine) {
      ask(name, mine.answer());
    }
    return chosen;
  }

  private void ask(String name, CompletableFuture<Optional<Candidate>> answer) {
    try {
      store
          .apply(name)
          .whenComplete(
              (holder, failure) -> {
                if (failure == null) {
                  answer.complete(holder);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private static Optional<Candidate> await(Reading reading) throws InterruptedException {
    try {
      return reading.answer().get();
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.UNCHECKED,
          "the store could not be asked who holds the name",
          cause == null ? e : cause);
    }
  }

  private static boolean isHeldBy(FencingClaim claim, Optional<Candidate> holder) {
    return holder.isPresent()
        && holder.get().id().equals(claim.owner())
        && holder.get().token().equals(claim.token());
  }

  private static boolean isSucceededBy(Optional<Candidate> holder, FencingClaim claim) {
    return holder.isPresent() && holder.get().token().isNewerThan(claim.token());
  }

  private static ClaimRefusedException refusal(FencingClaim claim, Optional<Candidate> holder) {
    Optional<FencingToken> expected = holder.map(Candidate::token);
    String now =
        holder
            .map(one -> "'" + one.id() + "' with token " + one.token() + " holds it")
            .orElse("nobody holds it");
    return new ClaimRefusedException(
        ClaimRefusedException.Reason.NOT_CURRENT,
        "the claim is of '%s' with token %s on '%s', but in the store %s"
            .formatted(claim.owner(), claim.token(), claim.name(), now),
        expected);
  }
}
