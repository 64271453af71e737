package io.tenure.fencing;

import io.tenure.FencingToken;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests of one name that run here at the moment, all of one token: an older one is not let
 * in, and a newer one waits until those have ended.
 *
 * <p>The mark is raised when a newer token arrives and not when it is let in, so that no older
 * request begins meanwhile.
 */
final class ClaimGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final HighWaterMark highest;
  private long runningToken;
  private int running;

  ClaimGate(String name) {
    this.highest = new HighWaterMark(name);
  }

  /**
   * Lets a request in, which {@link #leave} ends, if the answer is {@link Admission#APPLY}.
   *
   * @throws StaleTokenException if a newer token has arrived, before or while this one waited
   * @throws ClaimRefusedException if older requests have not ended in time
   */
  Admission enter(FencingToken token, long sequence, long patienceNanos)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      highest.raise(token, HighWaterMark.NO_SEQUENCE);
      long remainingNanos = patienceNanos;
      while (running > 0 && runningToken < token.value()) {
        if (remainingNanos <= 0) {
          throw new ClaimRefusedException(
              ClaimRefusedException.Reason.UNCHECKED,
              running
                  + " requests of the older token "
                  + runningToken
                  + " have not ended within "
                  + TimeUnit.NANOSECONDS.toMillis(patienceNanos)
                  + " ms");
        }
        remainingNanos = ended.awaitNanos(remainingNanos);
        highest.raise(token, HighWaterMark.NO_SEQUENCE);
      }
      Admission admission = highest.raise(token, sequence);
      if (admission == Admission.APPLY) {
        runningToken = token.value();
        running++;
      }
      return admission;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      running--;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
