package io.tenure.fencing;

import io.tenure.FencingToken;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A guard for resources that live in this process: one high-water mark for each resource name, and
 * one lock for each, under which a write runs in the same step as its check.
 *
 * <p>It forgets everything when the process ends. That is right for a resource that ends with it (a
 * cache, an open connection, a request handler's state) and wrong for one that does not: after a
 * restart the first stale write would be let in. Guard a database with {@link JdbcFencingGuard}.
 *
 * <p>Marks are never dropped while the guard lives, since a forgotten mark would admit a former
 * holder; the memory used grows with the number of different names. Thread-safe. No I/O. A caller
 * waits as long as the write that runs for its resource; interrupting it does not shorten that.
 */
public final class InMemoryFencingGuard {
  private final Map<String, Mark> marks = new ConcurrentHashMap<>();

  /** Creates a guard that has seen no token. */
  public InMemoryFencingGuard() {}

  /**
   * Raises the mark of a resource, so that everything older is refused from now on. A new holder
   * calls it before it reads what it is going to change.
   *
   * <p>It waits until a write that is running for this resource has ended, so what is read after it
   * has every write that was admitted before.
   *
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the new holder's token; one equal to the mark changes nothing
   * @throws StaleTokenException if the resource has seen a newer token
   * @throws IllegalArgumentException if the name is not allowed
   * @throws IllegalStateException if the calling thread is inside a write of this resource
   */
  public void seal(String resource, FencingToken token) {
    admit(resource, token);
  }

  /**
   * Raises the mark or refuses the token, and <em>does not</em> cover the write that follows.
   *
   * <p>It is only for a receiver that calls this and applies the write under one lock of its own.
   * Anyone else lets a newer token in between the two; use {@link #admit(String, FencingToken,
   * Supplier)}.
   *
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the token that came with the request
   * @throws StaleTokenException if the resource has seen a newer token
   * @throws IllegalArgumentException if the name is not allowed
   * @throws IllegalStateException if the calling thread is inside a write of this resource
   */
  public void admit(String resource, FencingToken token) {
    admit(resource, token, () -> token);
  }

  /**
   * Raises the mark and runs the write, or refuses the token, in one step.
   *
   * <p>The write is the caller's code and runs on the calling thread <em>under this guard's lock
   * for that resource</em>, on purpose: a newer token that could be accepted between check and
   * write would make the check worthless. So keep it short, and do not admit to another resource
   * inside it, or two threads may wait for each other for ever; give one name to what has to change
   * together. Other resources are not held up.
   *
   * <p>If the write throws, the exception goes to the caller and the mark stays raised: that the
   * newer holder exists is true all the same.
   *
   * @param <T> what the write returns
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the token that came with the request
   * @param write applies the request
   * @return what the write returned
   * @throws StaleTokenException if the resource has seen a newer token; the write did not run
   * @throws IllegalArgumentException if the name is not allowed
   * @throws IllegalStateException if the calling thread is inside a write of this resource
   */
  public <T> T admit(String resource, FencingToken token, Supplier<T> write) {
    ResourceNames.check(resource);
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(write, "write");
    return mark(resource)
        .locked(
            highest -> {
              highest.raise(token, HighWaterMark.NO_SEQUENCE);
              return write.get();
            });
  }

  /**
   * Raises the mark and runs the write unless it was let pass before, or refuses the token, in one
   * step: a request that was sent again or duplicated on its way is applied at most once.
   *
   * <p>The sender numbers the writes of one resource under one token, upwards from 1; a new token
   * begins anew. If the write throws, its number is used up all the same, since nobody knows how
   * far it came, and its retry is told {@link Admission#APPLIED_BEFORE}. Everything else is as with
   * {@link #admit(String, FencingToken, Supplier)}, which takes no number and does not change the
   * one remembered.
   *
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @param token the token that came with the request
   * @param sequence the request's number, greater than 0
   * @param write applies the request; runs only if the answer is {@link Admission#APPLY}
   * @return whether the write ran now, and if not, why
   * @throws StaleTokenException if the resource has seen a newer token; the write did not run
   * @throws IllegalArgumentException if the name or the sequence is not allowed
   * @throws IllegalStateException if the calling thread is inside a write of this resource
   */
  public Admission admitOnce(String resource, FencingToken token, long sequence, Runnable write) {
    ResourceNames.check(resource);
    Objects.requireNonNull(token, "token");
    HighWaterMark.checkSequence(sequence);
    Objects.requireNonNull(write, "write");
    return mark(resource)
        .locked(
            highest -> {
              Admission admission = highest.raise(token, sequence);
              if (admission == Admission.APPLY) {
                write.run();
              }
              return admission;
            });
  }

  /**
   * Returns the newest token that a resource has seen.
   *
   * <p>It is for people and tests. It does not wait for a running write, and what it tells may be
   * old when it returns: it is no substitute for {@link #admit(String, FencingToken, Supplier)}.
   *
   * @param resource the resource's name, 1 to 255 bytes in UTF-8, no control characters
   * @return the mark, or empty if no token was admitted or sealed yet
   * @throws IllegalArgumentException if the name is not allowed
   */
  public Optional<FencingToken> highWaterMark(String resource) {
    ResourceNames.check(resource);
    return Optional.ofNullable(marks.get(resource)).flatMap(mark -> mark.highest.highest());
  }

  private Mark mark(String resource) {
    return marks.computeIfAbsent(resource, Mark::new);
  }

  /* Not ConcurrentHashMap.compute: it would run the write under a lock shared with other names. */
  private static final class Mark {
    private final String resource;
    private final ReentrantLock lock = new ReentrantLock();
    private final HighWaterMark highest;

    Mark(String resource) {
      this.resource = resource;
      this.highest = new HighWaterMark(resource);
    }

    <T> T locked(Function<HighWaterMark, T> step) {
      /* Admitted inside, a newer token would be overtaken by the rest of the outer, older write. */
      if (lock.isHeldByCurrentThread()) {
        throw new IllegalStateException(
            "this thread is inside a write of resource '"
                + resource
                + "', and a write cannot seal or admit to its own resource");
      }
      lock.lock();
      try {
        return step.apply(highest);
      } finally {
        lock.unlock();
      }
    }
  }
}
