package io.tenure.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that answers like an etcd server in states that a real one can hardly be brought into:
 * the terms, the revision and the cluster of its answers are set by the test. It has one lease, and
 * nothing else.
 */
final class FakeEtcd implements AutoCloseable {
  private final Server server;
  private final List<StreamObserver<LeaseKeepAliveResponse>> renewals =
      new CopyOnWriteArrayList<>();

  private final AtomicInteger renewalRequests = new AtomicInteger();

  volatile long cluster = 1;
  volatile long revision = 1;
  volatile long termOfReads = 5;
  volatile long termOfRenewals = 5;
  volatile long renewedSeconds = 10;
  volatile boolean sessionKeyIsThere = true;
  volatile boolean answersRenewals = true;
  private volatile long leaseId;

  FakeEtcd() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Keys())
            .addService(new Leases())
            .build()
            .start();
  }

  String url() {
    return "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort();
  }

  /** How many streams of keep-alives are open. */
  int renewalStreams() {
    return renewals.size();
  }

  /** How many keep-alives have arrived. */
  int renewalRequests() {
    return renewalRequests.get();
  }

  /** Ends every stream of keep-alives. */
  void breakRenewals() {
    renewals.forEach(stream -> stream.onError(Status.UNAVAILABLE.asException()));
    renewals.clear();
  }

  private ResponseHeader header(long term) {
    return ResponseHeader.newBuilder()
        .setClusterId(cluster)
        .setRevision(revision)
        .setRaftTerm(term)
        .build();
  }

  private static <T> void answer(StreamObserver<T> to, T answer) {
    to.onNext(answer);
    to.onCompleted();
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private final class Keys extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> to) {
      RangeResponse.Builder found = RangeResponse.newBuilder().setHeader(header(termOfReads));
      boolean session = request.getKey().toStringUtf8().contains("/.session/");
      if (session && sessionKeyIsThere) {
        found.addKvs(KeyValue.newBuilder().setKey(request.getKey()).setLease(leaseId));
      }
      answer(to, found.build());
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> to) {
      answer(
          to, TxnResponse.newBuilder().setHeader(header(termOfReads)).setSucceeded(true).build());
    }
  }

  private final class Leases extends LeaseGrpc.LeaseImplBase {
    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> to) {
      leaseId = request.getID();
      answer(
          to,
          LeaseGrantResponse.newBuilder()
              .setHeader(header(termOfReads))
              .setID(leaseId)
              .setTTL(request.getTTL())
              .build());
    }

    @Override
    public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> to) {
      answer(to, LeaseRevokeResponse.newBuilder().setHeader(header(termOfReads)).build());
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
        StreamObserver<LeaseKeepAliveResponse> to) {
      renewals.add(to);
      return new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveRequest request) {
          boolean isAnswered = answersRenewals;
          renewalRequests.incrementAndGet();
          if (isAnswered) {
            to.onNext(
                LeaseKeepAliveResponse.newBuilder()
                    .setHeader(header(termOfRenewals))
                    .setID(request.getID())
                    .setTTL(renewedSeconds)
                    .build());
          }
        }

        @Override
        public void onError(Throwable error) {
          renewals.remove(to);
        }

        @Override
        public void onCompleted() {
          renewals.remove(to);
          to.onCompleted();
        }
      };
    }
  }
}
