package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.WatchGrpc;
import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a jetcd client sends its requests through, as one of them has shown it.
 *
 * @param channel its connections
 * @param credentials what brings the token along, if it has one
 * @param namespace what it puts in front of every key
 */
record Wire(Channel channel, Optional<CallCredentials> credentials, ByteString namespace) {
  /** A queue of thousands with their payloads is longer than gRPC's default of 4 MiB. */
  private static final int LONGEST_ANSWER_BYTES = 256 * 1024 * 1024;

  /** A member without a leader ends the stream instead of keeping it in the dark. */
  private static final Metadata REQUIRE_LEADER = new Metadata();

  static {
    REQUIRE_LEADER.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
  }

  KVGrpc.KVStub keys(Duration timeout) {
    return limited(KVGrpc.newStub(channel), timeout);
  }

  LeaseGrpc.LeaseStub leases(Duration timeout) {
    return limited(LeaseGrpc.newStub(channel), timeout);
  }

  /** For a stream of keep-alives, which has no end of its own. */
  LeaseGrpc.LeaseStub renewals() {
    return withLeader(LeaseGrpc.newStub(channel));
  }

  /** For a stream of watches, which has no end of its own. */
  WatchGrpc.WatchStub watches() {
    return withLeader(WatchGrpc.newStub(channel)).withMaxInboundMessageSize(LONGEST_ANSWER_BYTES);
  }

  private <S extends AbstractStub<S>> S limited(S stub, Duration timeout) {
    return authorized(stub)
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .withMaxInboundMessageSize(LONGEST_ANSWER_BYTES);
  }

  private <S extends AbstractStub<S>> S withLeader(S stub) {
    return authorized(stub)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(REQUIRE_LEADER));
  }

  private <S extends AbstractStub<S>> S authorized(S stub) {
    return credentials.map(stub::withCallCredentials).orElse(stub);
  }
}
