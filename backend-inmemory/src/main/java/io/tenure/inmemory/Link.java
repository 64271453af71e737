package io.tenure.inmemory;

import static io.tenure.spi.StoreException.Outcome.NOT_DONE;
import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.UNKNOWN;

import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.inmemory.Fault.Answer;
import io.tenure.inmemory.Faults.Operation;
import io.tenure.inmemory.Faults.Request;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.Scheduler.Cancellable;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client's way to the store and back: the place where requests, answers and events suffer what
 * the store's {@link Faults} decide.
 */
final class Link implements StoreConnection {
  private final InMemoryStore store;
  private final ClientSpec client;

  /** Written under the store's lock. */
  private volatile boolean closed;

  Link(InMemoryStore store, ClientSpec client) {
    this.store = store;
    this.client = client;
  }

  InMemoryStore store() {
    return store;
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return send(
        Operation.OPEN_SESSION,
        "",
        model -> {
          if (closed) {
            throw closedException();
          }
          return new MemorySession(this, store.open(this, client));
        });
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return send(Operation.READ, queue.path(), model -> model.view(queue, detail));
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    MemoryWatch watch = new MemoryWatch(this, queue, detail, onView, onEnd);
    watch.begin();
    return watch;
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    return send(Operation.GET, key, model -> model.get(key));
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    List<Mutation> copy = List.copyOf(writes);
    return send(Operation.WRITE, MemorySession.targetOf(copy), model -> model.write(copy));
  }

  CompletionStage<Duration> heartbeat(SessionState session) {
    if (closed) {
      return CompletableFuture.failedFuture(closedException());
    }
    Fault fault = decide(Operation.HEARTBEAT, session.id());
    return fault.isStaleHeartbeat()
        ? send(fault, model -> session.ttl())
        : send(fault, model -> model.heartbeat(session));
  }

  CompletionStage<@Nullable Void> closeSession(SessionState session) {
    // Not refused after close(): closing the backend closes its sessions by this very request.
    return this.<@Nullable Void>send(
        decide(Operation.CLOSE_SESSION, session.id()),
        model -> {
          model.end(session);
          return null;
        });
  }

  /** Sends a request. The work is done under the store's lock, if and when the request arrives. */
  <T extends @Nullable Object> CompletionStage<T> send(
      Operation operation, String target, Function<Model, T> work) {
    return closed
        ? CompletableFuture.failedFuture(closedException())
        : send(decide(operation, target), work);
  }

  private <T extends @Nullable Object> CompletionStage<T> send(
      Fault fault, Function<Model, T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (fault.isApplied()) {
      after(fault.applyAfterNanos(), () -> arrive(fault, work, answer));
    }
    switch (fault.answer()) {
      case RESULT -> {
        if (fault.applyAfterNanos() > 0 || fault.answerAfterNanos() > 0) {
          limit(answer);
        }
      }
      case LOST -> limit(answer);
      case HANGING -> {
        // The stage stays as it is: that is the fault.
      }
      default -> answer.completeExceptionally(failure(fault));
    }
    return answer;
  }

  /** The request is at the store, which answers it if it lets itself be heard. */
  private <T extends @Nullable Object> void arrive(
      Fault fault, Function<Model, T> work, CompletableFuture<T> answer) {
    store.run(
        model -> {
          Runnable reply = process(model, work, answer);
          if (fault.answer() == Answer.RESULT) {
            model.emit(() -> after(fault.answerAfterNanos(), reply));
          }
        });
  }

  private static <T extends @Nullable Object> Runnable process(
      Model model, Function<Model, T> work, CompletableFuture<T> answer) {
    try {
      T result = work.apply(model);
      return () -> answer.complete(result);
    } catch (RuntimeException e) {
      return () -> answer.completeExceptionally(e);
    }
  }

  /** Fails the answer as unknown when the client's request timeout is over. */
  private <T extends @Nullable Object> void limit(CompletableFuture<T> answer) {
    Cancellable timeout =
        store
            .scheduler()
            .schedule(
                () ->
                    answer.completeExceptionally(
                        new StoreException(UNKNOWN, "no answer within " + client.requestTimeout())),
                client.requestTimeout().toNanos());
    answer.whenComplete((result, failure) -> timeout.cancel());
  }

  /**
   * Sends an event to the client. One of the three happens, as a delivery of the store's.
   *
   * @param arrives the event is there
   * @param lost nobody will ever hear of it
   * @param fails the watch is disrupted
   */
  void event(
      String target, Runnable arrives, Runnable lost, Consumer<? super StoreException> fails) {
    Fault fault = decide(Operation.EVENT, target);
    switch (fault.answer()) {
      case RESULT ->
          after(fault.applyAfterNanos() + fault.answerAfterNanos(), () -> store.deliver(arrives));
      case LOST, HANGING -> lost.run();
      default -> fails.accept(failure(fault));
    }
  }

  /** Ends the client's watches and asks the store to end its sessions. */
  @Override
  public void close() {
    store.run(model -> closed = true);
    store.apply(model -> model.watchers().all()).stream()
        .filter(watch -> watch.link() == this)
        .forEach(MemoryWatch::close);
    store.apply(Model::sessions).stream()
        .filter(session -> session.owner() == this)
        .forEach(this::closeSession);
  }

  boolean isClosed() {
    return closed;
  }

  private Fault decide(Operation operation, String target) {
    return store.faults().on(new Request(operation, client.candidate(), target));
  }

  private void after(long delayNanos, Runnable task) {
    if (delayNanos > 0) {
      store.scheduler().schedule(task, delayNanos);
    } else {
      task.run();
    }
  }

  private static StoreException failure(Fault fault) {
    StoreException.Outcome outcome =
        switch (fault.answer()) {
          case NOT_DONE -> NOT_DONE;
          case REFUSED -> REFUSED;
          default -> UNKNOWN;
        };
    return new StoreException(outcome, "injected fault: " + fault);
  }

  private static StoreException closedException() {
    return new StoreException(REFUSED, "the backend is closed");
  }
}
