package io.tenure.inmemory;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decides what becomes of each request and of each event, so that a test can make the store
 * misbehave the way real ones do.
 *
 * <p>It is asked on whatever thread the request or the event is on, before the store looks at it,
 * and never under a lock of the store; so it may call the store, for example to let a session run
 * out just before a request of it arrives.
 */
@FunctionalInterface
public interface Faults {
  /**
   * Decides about one request or one event.
   *
   * @param request what is about to happen
   * @return what becomes of it
   */
  Fault on(Request request);

  /**
   * Returns a store that behaves.
   *
   * @return no faults
   */
  static Faults none() {
    return request -> Fault.none();
  }

  /**
   * Returns one fault, for the first request of its kind.
   *
   * @param operation the kind
   * @param fault what becomes of the first; all others are left alone
   * @return the faults
   */
  static Faults once(Operation operation, Fault fault) {
    AtomicBoolean spent = new AtomicBoolean();
    return request ->
        request.operation() == operation && spent.compareAndSet(false, true) ? fault : Fault.none();
  }

  /** The kinds of requests, and the one kind of event. */
  enum Operation {
    /** {@link io.tenure.spi.StoreConnection#openSession()}. */
    OPEN_SESSION,
    /** {@link io.tenure.spi.StoreSession#heartbeat()}. */
    HEARTBEAT,
    /** {@link io.tenure.spi.StoreSession#enqueue}. */
    ENQUEUE,
    /** {@link io.tenure.spi.StoreSession#remove}. */
    REMOVE,
    /** {@link io.tenure.spi.StoreSession#withdraw}. */
    WITHDRAW,
    /** {@link io.tenure.spi.StoreSession#update}. */
    UPDATE,
    /** {@link io.tenure.spi.StoreConnection#read}. */
    READ,
    /** {@link io.tenure.spi.StoreConnection#get}. */
    GET,
    /** {@link io.tenure.spi.StoreConnection#write} and {@link io.tenure.spi.StoreSession#write}. */
    WRITE,
    /** {@link io.tenure.spi.StoreSession#close()}, and what closing the backend does. */
    CLOSE_SESSION,
    /**
     * Setting up a {@link io.tenure.spi.StoreConnection#watch} or a {@link
     * io.tenure.spi.StoreSession#awaitDeparture}; if it fails, the watch ends.
     */
    WATCH,
    /**
     * One event on its way to a watch or a wait: a changed queue, a departed entry, or the end of
     * the waiting session.
     */
    EVENT
  }

  /**
   * What is about to happen.
   *
   * @param operation the kind
   * @param client the candidate name of the client
   * @param target the queue's path, the (first) cell's key, or the session's id; empty for {@link
   *     Operation#OPEN_SESSION}
   */
  record Request(Operation operation, String client, String target) {}
}
