package io.tenure.etcd;

import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.RangeResponse;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/*
 * Why an answered keep-alive is not enough
 *
 * A lease is renewed by the leader alone, in its memory, without asking anyone. A leader that does
 * not know that it was replaced (its disk hangs, say) goes on answering keep-alives after its
 * successor has let the lease run out and given the lock to the next one: see etcd issue 15247,
 * fixed in 3.4.31 and 3.5.13.
 *
 * So beside each keep-alive goes a linearizable read of a key that lives as long as the lease. It is
 * confirmed by a majority after it was sent. If the key is there, and the term of the read is not
 * newer than that of the keep-alive, then no successor had replaced the renewing leader when the
 * read was sent, which is not before the keep-alive was. One that replaces it later gives every
 * lease its full time again.
 *
 * One case remains: the member that passes our keep-alive on to the stale leader learns of the new
 * term while it does so, and puts that on the answer. Therefore the first heartbeat that shows a
 * newer term extends nothing. (The term that an answer shows is that of the member that gives it.)
 */

/** Proves that a lease lives, and for how long. */
final class Proof {
  private final Requests requests;
  private final Keys keys;
  private final Renewals renewals;
  private final long leaseId;
  private final Duration granted;
  private final AtomicLong newestTerm;

  Proof(
      Requests requests,
      Keys keys,
      Renewals renewals,
      long leaseId,
      Duration granted,
      long openedInTerm) {
    this.requests = requests;
    this.keys = keys;
    this.renewals = renewals;
    this.leaseId = leaseId;
    this.granted = granted;
    this.newestTerm = new AtomicLong(openedInTerm);
  }

  CompletableFuture<Duration> heartbeat() {
    CompletableFuture<LeaseKeepAliveResponse> renewal = renewals.renew().thenApply(this::renewed);
    CompletableFuture<RangeResponse> sighting =
        requests.get("see the session", keys.session(leaseId)).thenApply(this::seen);
    CompletableFuture<Duration> proof = renewal.thenCombine(sighting, this::prove);
    // What the one knows need not wait for the other.
    failWith(proof, renewal);
    failWith(proof, sighting);
    return proof;
  }

  private static void failWith(CompletableFuture<?> whole, CompletableFuture<?> part) {
    part.whenComplete(
        (done, error) -> {
          if (error != null) {
            whole.completeExceptionally(error);
          }
        });
  }

  private LeaseKeepAliveResponse renewed(LeaseKeepAliveResponse renewal) {
    if (renewal.getTTL() <= 0) {
      throw new StoreException(
          Outcome.SESSION_GONE, "etcd has no lease " + Long.toHexString(leaseId) + " to renew");
    }
    return renewal;
  }

  private RangeResponse seen(RangeResponse sighting) {
    if (sighting.getKvsList().stream().noneMatch(key -> key.getLease() == leaseId)) {
      throw new StoreException(
          Outcome.SESSION_GONE, "the session's key is gone, and so is all that it owned");
    }
    return sighting;
  }

  private Duration prove(LeaseKeepAliveResponse renewal, RangeResponse sighting) {
    long renewedIn = renewal.getHeader().getRaftTerm();
    long seenIn = sighting.getHeader().getRaftTerm();
    long before = newestTerm.getAndAccumulate(Math.max(renewedIn, seenIn), Math::max);
    if (renewedIn < seenIn || renewedIn > before || seenIn > before) {
      return Duration.ZERO;
    }
    Duration renewed = Duration.ofSeconds(renewal.getTTL());
    return renewed.compareTo(granted) < 0 ? renewed : granted;
  }
}
