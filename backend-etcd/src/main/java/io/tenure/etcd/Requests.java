package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.stub.StreamObserver;
import io.tenure.etcd.Codes.Effect;
import io.tenure.etcd.StoreAge.Mark;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * etcd's calls with one answer, as futures with a deadline that fail with what is known.
 *
 * <p>Each is sent once, but for one case: a token that has run out is refused before anything else,
 * so the request goes out again with a new one. All answers are linearizable, and pass the check
 * that the store did not go back in time.
 */
final class Requests {
  private final Connection connection;
  private final StoreAge age;
  private final Duration timeout;

  Requests(Connection connection, StoreAge age, Duration timeout) {
    this.connection = connection;
    this.age = age;
    this.timeout = timeout;
  }

  CompletableFuture<RangeResponse> range(String what, RangeRequest range) {
    return ask(
        Effect.READ,
        what,
        (wire, reply) -> wire.keys(timeout).range(range, reply),
        RangeResponse::getHeader);
  }

  CompletableFuture<RangeResponse> get(String what, ByteString key) {
    return range(what, Protocol.range(key));
  }

  CompletableFuture<TxnResponse> txn(String what, TxnRequest txn) {
    return ask(
        Effect.WRITE,
        what,
        (wire, reply) -> wire.keys(timeout).txn(txn, reply),
        TxnResponse::getHeader);
  }

  CompletableFuture<LeaseGrantResponse> grant(String what, LeaseGrantRequest grant) {
    return ask(
        Effect.WRITE,
        what,
        (wire, reply) -> wire.leases(timeout).leaseGrant(grant, reply),
        LeaseGrantResponse::getHeader);
  }

  CompletableFuture<LeaseRevokeResponse> revoke(String what, LeaseRevokeRequest revoke) {
    return ask(
        Effect.WRITE,
        what,
        (wire, reply) -> wire.leases(timeout).leaseRevoke(revoke, reply),
        LeaseRevokeResponse::getHeader);
  }

  private <A> CompletableFuture<A> ask(
      Effect effect,
      String what,
      BiConsumer<Wire, StreamObserver<A>> send,
      Function<A, ResponseHeader> header) {
    return attempt(send, header)
        .exceptionallyCompose(
            error ->
                Codes.isTokenRefused(error)
                    ? connection.renewToken().thenCompose(renewed -> attempt(send, header))
                    : CompletableFuture.failedFuture(error))
        .exceptionally(
            error -> {
              throw Codes.explain(effect, what, error);
            });
  }

  private <A> CompletableFuture<A> attempt(
      BiConsumer<Wire, StreamObserver<A>> send, Function<A, ResponseHeader> header) {
    return connection
        .wire()
        .thenCompose(
            wire -> {
              Mark sentAt = age.mark();
              Reply<A> reply = new Reply<>();
              send.accept(wire, reply);
              return reply.whenComplete(
                  (answer, error) -> {
                    if (error == null) {
                      connection.reached();
                      age.answered(sentAt, header.apply(answer));
                    } else if (Codes.isUnavailable(error)) {
                      connection.notReached();
                    }
                  });
            });
  }
}
