package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a jetcd client sends its requests through, which jetcd itself does not.
 *
 * <p>It is part of the client from the beginning and lets everything pass. A probe is a read that
 * we make through the client; on its way out it is recognised by its key, and with it the channel,
 * the credentials and the namespace. Whether it is answered does not matter.
 */
final class Tap implements ClientInterceptor {
  static final Tap INSTANCE = new Tap();

  private static final String READ = KVGrpc.getRangeMethod().getFullMethodName();

  /** Probes that are on their way, by the end of their keys. */
  private final Map<String, CompletableFuture<Wire>> probes = new ConcurrentHashMap<>();

  private Tap() {}

  /**
   * Finds out what a client sends its requests through.
   *
   * @param root where the client may read
   */
  CompletableFuture<Wire> probe(Client client, String root, Duration timeout) {
    String key = key(root);
    CompletableFuture<Wire> shown = new CompletableFuture<>();
    probes.put(key, shown);
    try {
      client
          .getKVClient()
          .get(ByteSequence.from(key, UTF_8))
          .whenComplete((answer, error) -> shown.completeExceptionally(unseen(error)));
    } catch (RuntimeException e) {
      shown.completeExceptionally(unseen(e));
    }
    return shown
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((wire, error) -> probes.remove(key));
  }

  static String key(String root) {
    return root + "/.probe/" + UUID.randomUUID();
  }

  /** The request is over, and if it had passed here that would be known. */
  private static StoreException unseen(@Nullable Throwable error) {
    return error == null
        ? new StoreException(
            Outcome.REFUSED,
            "the jetcd client was built without EtcdBackend.interceptor(); add it with"
                + " ClientBuilder.interceptor")
        : new StoreException(Outcome.NOT_DONE, "the jetcd client sends no requests", error);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    if (probes.isEmpty() || !method.getFullMethodName().equals(READ)) {
      return call;
    }
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void sendMessage(Q message) {
        if (message instanceof RangeRequest range) {
          show(range.getKey(), options, next);
        }
        super.sendMessage(message);
      }
    };
  }

  private void show(ByteString sent, CallOptions options, Channel next) {
    probes.forEach(
        (key, shown) -> {
          ByteString end = ByteString.copyFromUtf8(key);
          if (sent.endsWith(end)) {
            ByteString namespace = sent.substring(0, sent.size() - end.size());
            shown.complete(
                new Wire(next, Optional.ofNullable(options.getCredentials()), namespace));
          }
        });
  }
}
