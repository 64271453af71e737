package io.tenure.inmemory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A store on a manual clock, and the short forms that the tests are written in. */
abstract class Fixture {
  static final Duration TTL = Duration.ofSeconds(10);
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
  static final Duration TICK = Duration.ofMillis(1);
  static final QueueName QUEUE = new QueueName("test/lock/accounts");
  static final QueueName OTHER_QUEUE = new QueueName("test/lock/orders");

  final ManualTime time = new ManualTime();
  final InMemoryStore store = InMemoryStore.create(time, time);
  private int entries;

  StoreConnection client(String candidate) {
    StoreConnection backend =
        InMemoryBackend.on(store)
            .open(
                new ClientSpec(
                    candidate, TTL, TTL.dividedBy(3), TTL.dividedBy(10), REQUEST_TIMEOUT));
    return backend;
  }

  StoreSession session(String candidate) {
    return now(client(candidate).openSession());
  }

  EntrySpec entry(String payload) {
    return new EntrySpec(String.format("%032x", ++entries), "w", bytes(payload));
  }

  Enqueued enqueue(StoreSession session) {
    return now(session.enqueue(QUEUE, entry("")));
  }

  /** Returns the value of a stage that must be complete already. */
  static <T> T now(CompletionStage<T> stage) {
    assertThat(isOpen(stage)).as("answered").isFalse();
    return stage.toCompletableFuture().join();
  }

  /** Returns what a stage that must have failed already is known to have done. */
  static StoreException.Outcome failureOf(CompletionStage<?> stage) {
    assertThat(isOpen(stage)).as("answered").isFalse();
    try {
      throw new AssertionError("succeeded with " + stage.toCompletableFuture().join());
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StoreException.class);
      return ((StoreException) e.getCause()).outcome();
    }
  }

  static boolean isOpen(CompletionStage<?> stage) {
    return !stage.toCompletableFuture().isDone();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static List<String> ids(QueueView view) {
    return view.entries().stream().map(Entry::id).toList();
  }

  static Mutation put(String key, Expected expected, String value) {
    return new Mutation(key, expected, Optional.of(bytes(value)), false);
  }

  static Mutation putEphemeral(String key, Expected expected, String value) {
    return new Mutation(key, expected, Optional.of(bytes(value)), true);
  }

  static Mutation delete(String key, Expected expected) {
    return new Mutation(key, expected, Optional.empty(), false);
  }
}
