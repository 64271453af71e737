package io.tenure.zookeeper;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that the leader keeps a session, by syncs; {@link TouchLedger} says why and how.
 *
 * <p>Each heartbeat is followed by a second sync of its own, one ping period later, so that the
 * next heartbeat proves this one whatever the pause between them is. It costs a message to the
 * leader and back, and no write.
 */
final class Proof {
  private static final Logger log = LoggerFactory.getLogger(Proof.class);

  private final Handle handle;
  private final Duration sessionTimeout;
  private final Duration pingPeriod;
  private final LongSupplier clock;
  private final TouchLedger ledger;
  private volatile boolean ended;

  Proof(Handle handle, Duration tickTime, OptionalLong bornAt, LongSupplier clock) {
    this.handle = handle;
    this.sessionTimeout = handle.sessionTimeout();
    this.pingPeriod = SessionTerms.pingPeriod(tickTime);
    this.clock = clock;
    this.ledger = new TouchLedger(sessionTimeout.toNanos(), pingPeriod.toNanos(), clock);
    bornAt.ifPresent(ledger::witnessed);
  }

  Duration sessionTimeout() {
    return sessionTimeout;
  }

  /**
   * Completes when the session is proved, and tells for how long after a moment.
   *
   * <p>A session that began just now is proved by having begun. One that was there before, for the
   * user's own requests or an earlier session of ours, takes three syncs and a ping period.
   *
   * @param askedAt the moment, before this call
   */
  CompletableFuture<Duration> open(long askedAt) {
    return sync()
        .thenCompose(
            done -> {
              Duration born = validity(askedAt);
              if (born.multipliedBy(2).compareTo(sessionTimeout) > 0) {
                syncLater();
                return CompletableFuture.completedFuture(born);
              }
              return CompletableFuture.runAsync(() -> {}, later())
                  .thenCompose(paused -> sync())
                  .thenCompose(handedOver -> sync())
                  .thenApply(proved -> validity(askedAt));
            });
  }

  CompletableFuture<Duration> heartbeat() {
    long sentAt = clock.getAsLong();
    return sync(sentAt)
        .thenApply(
            done -> {
              syncLater();
              return validity(sentAt);
            });
  }

  void end() {
    ended = true;
  }

  private Duration validity(long from) {
    return Duration.ofNanos(ledger.validityNanos(from));
  }

  private CompletableFuture<?> sync() {
    return sync(clock.getAsLong());
  }

  private CompletableFuture<?> sync(long sentAt) {
    return handle.sync(Paths.anywhere()).thenAccept(done -> ledger.answered(sentAt));
  }

  private void syncLater() {
    later()
        .execute(
            () -> {
              if (!ended && handle.isAlive()) {
                sync()
                    .whenComplete(
                        (done, error) -> {
                          if (error != null) {
                            log.debug("a sync between two heartbeats failed", error);
                          }
                        });
              }
            });
  }

  private Executor later() {
    return CompletableFuture.delayedExecutor(
        pingPeriod.toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
  }
}
