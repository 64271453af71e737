package io.tenure.consul;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.Eventually;
import io.tenure.testkit.server.NeedsStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** What the tests on a real server share; each has a namespace of its own. */
@NeedsStore("consul")
abstract class ConsulTest {
  static final Duration TTL = Duration.ofSeconds(15);
  static final Duration SHORT_TTL = Duration.ofSeconds(1);

  final String namespace = "test-" + UUID.randomUUID().toString().substring(0, 8);
  final QueueName queue = new QueueName(namespace + "/lock/a%2Fb");
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  final void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  final <T extends AutoCloseable> T closeLater(T resource) {
    open.push(resource);
    return resource;
  }

  static ClientSpec spec(Duration ttl) {
    return spec(ttl, Duration.ofSeconds(5));
  }

  static ClientSpec spec(Duration ttl, Duration requestTimeout) {
    return new ClientSpec("tester", ttl, ttl.dividedBy(6), ttl.dividedBy(10), requestTimeout);
  }

  static Operator operator() {
    return SharedServer.operator();
  }

  /** A server goes on with the queries of a test that is over, for as long as those may take. */
  static void awaitTheEndOfFormerQueries() {
    eventually(() -> assertThat(operator().heldBack()).isZero());
  }

  ConsulBackend.Builder builder() {
    return ConsulBackend.builder(SharedServer.get().url())
        .sessionTtlMin(SHORT_TTL)
        .longestWait(Duration.ofSeconds(2));
  }

  final StoreConnection connect() {
    return started(builder(), TTL);
  }

  final StoreConnection started(ConsulBackend.Builder builder, Duration ttl) {
    StoreConnection backend = closeLater(builder.build().open(spec(ttl)));
    return backend;
  }

  /** A session that ends with the test. */
  final StoreSession session(StoreConnection backend) {
    StoreSession session = Eventually.answer(backend.openSession());
    closeLater(() -> Eventually.answer(session.close()));
    return session;
  }

  final StoreSession session() {
    return session(connect());
  }

  static EntrySpec entry(String payload) {
    return new EntrySpec(UUID.randomUUID().toString().replace("-", ""), "w", bytes(payload));
  }

  final Enqueued enqueue(StoreSession session, String payload) {
    return Eventually.answer(session.enqueue(queue, entry(payload)));
  }

  static List<String> ids(List<Entry> entries) {
    return entries.stream().map(Entry::id).toList();
  }

  final List<Entry> entries(StoreConnection backend) {
    return Eventually.answer(backend.read(queue, Detail.PAYLOADS)).entries();
  }

  static StoreException.Outcome outcome(CompletionStage<?> stage) {
    Throwable failure = Eventually.failure(stage);
    assertThat(failure).isInstanceOf(StoreException.class);
    return ((StoreException) failure).outcome();
  }

  /** The answer to a request that is sent again until its outcome is known, as the core does it. */
  static <T> T answered(Supplier<CompletionStage<T>> request) {
    AtomicReference<T> answer = new AtomicReference<>();
    eventually(() -> answer.set(assertAnswered(request.get())));
    return answer.get();
  }

  private static <T> T assertAnswered(CompletionStage<T> stage) {
    try {
      return Eventually.answer(stage);
    } catch (StoreException e) {
      throw new AssertionError("not answered", e);
    }
  }

  /** How a request ends that is sent again until its outcome is known. */
  static StoreException.Outcome refused(Supplier<CompletionStage<?>> request) {
    AtomicReference<StoreException.Outcome> outcome = new AtomicReference<>();
    eventually(
        () -> {
          outcome.set(outcome(request.get()));
          assertThat(outcome.get()).isNotIn(Outcome.UNKNOWN, Outcome.NOT_DONE);
        });
    return outcome.get();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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
