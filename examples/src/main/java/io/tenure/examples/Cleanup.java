package io.tenure.examples;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run has started, ended in reverse order: at its end, or when it is interrupted. */
final class Cleanup implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cleanup.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<AutoCloseable> newestFirst = new ArrayDeque<>();
  private boolean closed;

  /** Takes care of something; ends it at once if the end has come already. */
  <T extends AutoCloseable> T add(T started) {
    lock.lock();
    try {
      newestFirst.push(started);
      if (closed) {
        closeAll();
      }
      return started;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closeAll();
    } finally {
      lock.unlock();
    }
  }

  private void closeAll() {
    while (!newestFirst.isEmpty()) {
      AutoCloseable next = newestFirst.pop();
      try {
        next.close();
      } catch (Exception e) {
        log.warn("could not end {}", next, e);
      }
    }
  }
}
