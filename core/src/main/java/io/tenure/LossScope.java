package io.tenure;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a loss does to this process: the policy, and the thread that it concerns. */
final class LossScope {
  private static final Logger log = LoggerFactory.getLogger(LossScope.class);

  private final LossPolicy policy;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;

  LossScope(LossPolicy policy, @Nullable Thread thread) {
    this.policy = policy;
    this.thread = thread;
  }

  /** From now on the thread is not interrupted. */
  void leave() {
    lock.lock();
    try {
      thread = null;
    } finally {
      lock.unlock();
    }
  }

  void lost(String name, FencingToken token, LossReason why) {
    if (policy instanceof LossPolicy.HaltProcess halt) {
      if (why == LossReason.CLIENT_CLOSED) {
        // Closed by its own process, which is on its way out in an order of its own.
        return;
      }
      log.error("halting: the lease on '{}' (token {}) was lost: {}", name, token, why);
      System.err.println(halt.message());
      Runtime.getRuntime().halt(halt.exitCode());
    } else if (policy == LossPolicy.InterruptScope.INSTANCE) {
      interrupt();
    }
  }

  /** Interrupts under the lock, since the thread must not be interrupted once it has left. */
  private void interrupt() {
    lock.lock();
    try {
      if (thread != null) {
        thread.interrupt();
        thread = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
