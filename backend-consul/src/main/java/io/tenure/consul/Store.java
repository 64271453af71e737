package io.tenure.consul;

import com.google.gson.annotations.SerializedName;
import io.tenure.Subscription;
import io.tenure.Versioned;
import io.tenure.consul.Codes.Request;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Consul as one started backend sees it. */
final class Store implements AutoCloseable {
  private final Settings settings;
  private final String candidate;
  private final Duration ttl;
  private final Agent agent;
  private final Keys keys;
  private final Queues queues;
  private final Cells cells;
  private final Followers followers;

  /** A session's wishes, named as in Consul's JSON. */
  private record NewSession(
      String name,
      @Nullable String node,
      @SerializedName("TTL") String ttl,
      String behavior,
      String lockDelay,
      List<String> nodeChecks,
      List<String> checks) {}

  private record Created(@SerializedName("ID") String id) {}

  Store(Settings settings, ClientSpec spec) {
    this.settings = settings;
    this.candidate = spec.candidate();
    // Consul is told in milliseconds, and a longer life here than there would be unsafe.
    this.ttl = Duration.ofMillis(spec.ttl().toMillis());
    this.agent = new Agent(settings, spec.requestTimeout());
    this.keys = new Keys(settings.root());
    this.queues = new Queues(agent, keys);
    this.cells = new Cells(agent, keys);
    this.followers = new Followers(agent, spec.ttl());
  }

  CompletableFuture<StoreSession> openSession() {
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
    return agent
        .create(what, "/v1/session/create", Json.write(wishes))
        .thenApply(
            reply -> {
              if (!reply.isOk()) {
                throw Codes.refused(Request.WRITE, what, reply);
              }
              String id = Json.read(reply.body(), Created.class).id();
              return new ConsulSession(id, ttl, agent, keys, cells, followers);
            });
  }

  CompletableFuture<QueueView> read(QueueName queue, Detail detail) {
    return queues.read(queue, detail);
  }

  Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    QueueWatch watch = new QueueWatch(queue, keys.queue(queue), detail, onView, onEnd);
    followers.follow(watch, 0);
    return watch;
  }

  CompletableFuture<Optional<Versioned>> get(String key) {
    return cells.get(key);
  }

  CompletableFuture<WriteOutcome> write(List<Mutation> writes) {
    return cells.write(Optional.empty(), writes);
  }

  Followers followers() {
    return followers;
  }

  @Override
  public void close() {
    followers.close();
    agent.close();
  }
}
