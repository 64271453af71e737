package io.tenure.consul;

import com.ecwid.consul.SingleUrlParameters;
import com.ecwid.consul.UrlParameters;
import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.v1.ConsistencyMode;
import com.ecwid.consul.v1.ConsulRawClient;
import com.ecwid.consul.v1.QueryParams;
import io.tenure.consul.Codes.Request;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The Consul agent: its blocking calls as futures with a time limit.
 *
 * <p>There are three pools: renewals must not wait for anything else, and queries that the servers
 * hold back must not keep requests from being sent. Futures are completed on a pool's thread. They
 * fail with a {@link StoreException}.
 */
final class Agent implements AutoCloseable {
  private static final int RENEWERS = 2;
  private static final int REQUESTERS = 16;
  private static final int LATE_FACTOR = 4;
  private static final int TOO_MANY_CONNECTIONS = 429;

  private final Settings settings;
  private final Duration timeout;
  private final Pool renewals;
  private final Pool requests;
  private final Pool waits;
  private final Allowance waitsAlone = new Allowance(Followers.ALONE, System::nanoTime);
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Agent(Settings settings, Duration timeout) {
    this.settings = settings;
    this.timeout = timeout;
    this.renewals = Pool.queueing(settings, "renew", RENEWERS);
    this.requests = Pool.queueing(settings, "request", REQUESTERS);
    this.waits = Pool.unbounded(settings, "wait");
  }

  /** Renews a session, past everything else that is going on. */
  CompletableFuture<Reply> renew(String sessionId) {
    return send(
        renewals,
        Request.READ,
        "renew the session " + sessionId,
        timeout,
        client -> client.makePutRequest("/v1/session/renew/" + sessionId, "", parameters()));
  }

  /** Keeps what renewals need, or no longer. */
  void reserveRenewals(boolean on) {
    renewals.stay(on);
  }

  CompletableFuture<Reply> put(String what, String endpoint, String body) {
    return put(what, endpoint, body, timeout);
  }

  /**
   * Creates something that would be left over if nobody knew of it, so an answer is waited for much
   * longer than its asker does.
   */
  CompletableFuture<Reply> create(String what, String endpoint, String body) {
    return put(what, endpoint, body, timeout.multipliedBy(LATE_FACTOR));
  }

  private CompletableFuture<Reply> put(String what, String endpoint, String body, Duration limit) {
    return send(
        requests,
        Request.WRITE,
        what,
        limit,
        client -> client.makePutRequest(endpoint, body, parameters()));
  }

  /** Reads a place linearizably. */
  CompletableFuture<Snapshot> read(String what, Place place) {
    return send(
            requests, Request.READ, what, timeout, client -> get(client, place, Optional.empty()))
        .thenApply(reply -> Snapshot.of(place, what, reply));
  }

  private CompletableFuture<Reply> send(
      Pool pool,
      Request kind,
      String what,
      Duration limit,
      Function<ConsulRawClient, HttpResponse> request) {
    Call call = new Call(pool, settings, timeout.dividedBy(2), limit);
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    Runnable task =
        () -> {
          if (!answer.isDone()) {
            try {
              answer.complete(perform(call, kind, what, request));
            } catch (StoreException e) {
              answer.completeExceptionally(e);
            }
          }
        };
    try {
      pool.run(task);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(isClosed());
    }
    return answer
        .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionally(
            error -> {
              throw error instanceof TimeoutException
                  ? unanswered(call, kind, what, limit)
                  : Codes.lost(kind, what, error);
            });
  }

  private StoreException unanswered(Call call, Request kind, String what, Duration limit) {
    boolean sent = call.giveUp();
    return new StoreException(
        sent ? kind.lost() : Outcome.NOT_DONE,
        "cannot " + what + ": no answer within " + limit + (sent ? "" : ", and not sent"));
  }

  private StoreException isClosed() {
    return new StoreException(Outcome.REFUSED, "this Consul backend is closed");
  }

  private Reply perform(
      Call call, Request kind, String what, Function<ConsulRawClient, HttpResponse> request) {
    calls.add(call);
    try {
      if (closed) {
        throw isClosed();
      }
      HttpResponse response = request.apply(call.client());
      if (response.getStatusCode() == TOO_MANY_CONNECTIONS) {
        waitsAlone.trouble();
      }
      Long index = response.getConsulIndex();
      return new Reply(
          response.getStatusCode(),
          response.getContent(),
          index == null ? OptionalLong.empty() : OptionalLong.of(index));
    } catch (RuntimeException e) {
      waitsAlone.trouble();
      throw Codes.lost(kind, what, e);
    } finally {
      calls.remove(call);
    }
  }

  /**
   * Runs a task that waits for changes, on a thread for it alone.
   *
   * @throws StoreException if the agent was closed
   */
  void runWaiting(Runnable task) {
    try {
      waits.run(task);
    } catch (RejectedExecutionException e) {
      throw isClosed();
    }
  }

  /** Prepares a query that the servers may hold back. */
  Call waiting() {
    // The servers add up to a sixteenth, so that not everybody comes back at once.
    Duration held = settings.longestWait().plus(settings.longestWait().dividedBy(16));
    return new Call(waits, settings, timeout.dividedBy(2), held.plus(timeout));
  }

  /**
   * Reads a place linearizably, in the calling thread.
   *
   * @param index the index that is known; the answer comes when there is a later one, or after a
   *     while. Zero for an answer at once
   * @throws StoreException if there is none
   */
  Snapshot await(Call call, String what, Place place, long index) {
    Reply reply =
        perform(call, Request.READ, what, client -> get(client, place, Optional.of(index)));
    return Snapshot.of(place, what, reply);
  }

  /** How many may wait with a connection of their own, by what became of all requests so far. */
  Allowance waitsAlone() {
    return waitsAlone;
  }

  void closeIdleWaits() {
    waits.closeIdleConnections();
  }

  private HttpResponse get(ConsulRawClient client, Place place, Optional<Long> index) {
    QueryParams.Builder query =
        QueryParams.Builder.builder().setConsistencyMode(ConsistencyMode.CONSISTENT);
    settings.datacenter().ifPresent(query::setDatacenter);
    index.ifPresent(query::setIndex);
    List<UrlParameters> parameters = new ArrayList<>(place.scope().parameters());
    parameters.add(query.build());
    if (index.isPresent()) {
      parameters.add(new SingleUrlParameters("wait", settings.longestWait().toMillis() + "ms"));
    }
    return client.makeGetRequest(Keys.url(place.path()), parameters);
  }

  private UrlParameters parameters() {
    QueryParams.Builder query = QueryParams.Builder.builder();
    settings.datacenter().ifPresent(query::setDatacenter);
    return query.build();
  }

  /**
   * Lets requests that are under way be answered, for a little while, and then gives up everything.
   * Never throws.
   */
  @Override
  public void close() {
    closed = true;
    requests.finish();
    calls.forEach(Call::giveUp);
    renewals.close();
    requests.close();
    waits.close();
  }
}
