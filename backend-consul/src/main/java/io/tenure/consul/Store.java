package io.tenure.consul;

import com.google.gson.annotations.SerializedName;
import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.consul.Codes.Request;
import io.tenure.consul.StoreAge.Mark;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Consul as one client sees it. */
final class Store implements StoreConnection {
  private static final Logger log = LoggerFactory.getLogger(Store.class);
  private static final long CLOSE_SECONDS = 1;

  private final Settings settings;
  private final String candidate;
  private final Duration ttl;
  private final Parts parts;
  private final Queues queues;
  private final Set<ConsulSession> sessions = ConcurrentHashMap.newKeySet();

  /** What sessions share. */
  record Parts(Agent agent, Keys keys, StoreAge age, Cells cells, Followers followers) {}

  /** A session's wishes, named as in Consul's JSON. */
  private record NewSession(
      String name,
      @Nullable String node,
      @SerializedName("TTL") String ttl,
      String behavior,
      String lockDelay,
      List<String> nodeChecks,
      List<String> checks) {}

  Store(Settings settings, ClientSpec spec) {
    this.settings = settings;
    this.candidate = spec.candidate();
    // Consul is told in milliseconds, and a longer life here than there would be unsafe.
    this.ttl = Duration.ofMillis(spec.ttl().toMillis());
    Agent agent = new Agent(settings, spec.requestTimeout());
    Keys keys = new Keys(settings.root());
    this.parts =
        new Parts(
            agent,
            keys,
            new StoreAge(agent, keys),
            new Cells(agent, keys),
            new Followers(agent, spec.ttl()));
    this.queues = new Queues(agent, keys);
  }

  @Override
  public CompletableFuture<StoreSession> openSession() {
    Mark openedAt = parts.age().mark();
    String what = "open a session";
    // Left to itself Consul adds a health check, which can end a session long before its TTL.
    NewSession wishes =
        new NewSession(
            candidate,
            settings.sessionNode().orElse(null),
            ttl.toMillis() + "ms",
            "delete",
            "0s",
            List.of(),
            List.of());
    return parts
        .agent()
        .create(what, "/v1/session/create", Json.write(wishes))
        .thenApply(
            reply -> {
              if (!reply.isOk()) {
                throw Codes.refused(Request.WRITE, what, reply);
              }
              return opened(openedAt, Json.read(reply.body(), ConsulSession.Shown.class).id());
            });
  }

  private ConsulSession opened(Mark openedAt, String id) {
    ConsulSession session = new ConsulSession(parts, openedAt, id, ttl);
    keep(session, true);
    session.closed().whenComplete((done, error) -> keep(session, false));
    // Takes a connection for renewals before waits can take the last one, and looks at the index.
    session.heartbeat();
    return session;
  }

  private synchronized void keep(ConsulSession session, boolean open) {
    if (open) {
      sessions.add(session);
    } else {
      sessions.remove(session);
    }
    parts.agent().reserveRenewals(!sessions.isEmpty());
  }

  @Override
  public CompletableFuture<QueueView> read(QueueName queue, Detail detail) {
    return queues.read(queue, detail);
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    QueueWatch watch = new QueueWatch(queue, parts.keys().queue(queue), detail, onView, onEnd);
    parts.followers().follow(watch, 0);
    return watch;
  }

  @Override
  public CompletableFuture<Optional<Versioned>> get(String key) {
    return parts.cells().get(key);
  }

  @Override
  public CompletableFuture<WriteOutcome> write(List<Mutation> writes) {
    return parts.cells().write(Optional.empty(), List.copyOf(writes));
  }

  /**
   * Gives up whatever is under way and closes the connections. Ends what sessions are left. Waits
   * up to 5 s for that and for the threads, most often not at all. The servers forget a query that
   * was given up when they would have answered it, up to 16 s later.
   */
  @Override
  public void close() {
    CompletableFuture<?>[] ending =
        sessions.stream()
            .map(session -> session.close().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ending).get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.info("a session could not be closed and ends with its TTL", e);
    }
    parts.followers().close();
    parts.agent().close();
  }
}
