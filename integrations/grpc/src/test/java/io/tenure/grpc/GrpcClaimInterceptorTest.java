package io.tenure.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tenure.CoordinationClient;
import io.tenure.FencingToken;
import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.fencing.FencingClaim;
import io.tenure.fencing.FencingVerifier;
import io.tenure.inmemory.InMemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The interceptor in a gRPC server, over real connections. */
class GrpcClaimInterceptorTest {
  private static final String NAME = "accounts/42";
  private static final MethodDescriptor<String, String> DEBIT =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("accounts/debit")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private final List<String> executed = new CopyOnWriteArrayList<>();
  private final CountDownLatch slowBegan = new CountDownLatch(1);
  private final CountDownLatch slowMayEnd = new CountDownLatch(1);
  private Server server;
  private ManagedChannel channel;

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    serve(FencingVerifier.builder().waitForOlderRequests(Duration.ofSeconds(50)).build());
  }

  @AfterEach
  void stop() throws InterruptedException {
    slowMayEnd.countDown();
    channel.shutdownNow();
    server.shutdownNow();
    assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private void serve(FencingVerifier verifier) throws IOException {
    ServerServiceDefinition accounts =
        ServerServiceDefinition.builder("accounts")
            .addMethod(DEBIT, ServerCalls.asyncUnaryCall(this::debit))
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerInterceptors.intercept(
                    accounts, new GrpcClaimInterceptor(verifier, (call, metadata) -> NAME)))
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  private void debit(String request, StreamObserver<String> answer) {
    if (request.equals("slow")) {
      slowBegan.countDown();
      try {
        slowMayEnd.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (request.equals("crash")) {
      throw new IllegalStateException("planned");
    }
    executed.add(request + " by " + GrpcClaimInterceptor.CURRENT_CLAIM.get().owner());
    answer.onNext("done");
    answer.onCompleted();
  }

  @Test
  void executesWhatIsAdmittedAndRefusesTheDelayedCallOfAnEarlierTenure() {
    assertThat(call("R2", claim("b", 2))).isEqualTo("done");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> call("R1", claim("a", 1)))
        .satisfies(
            refusal -> {
              assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(refusal.getStatus().getDescription()).startsWith("token 1 is stale");
              assertThat(refusal.getTrailers().get(GrpcClaimInterceptor.EXPECTED_TOKEN))
                  .isEqualTo("2");
            });
    assertThat(executed).containsExactly("R2 by b");
  }

  @Test
  void refusesCallsWithoutOneReadableClaim() {
    assertThat(refusal("none")).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal("garbage", "garbage")).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal("two", claim("a", 1), claim("b", 2)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(executed).isEmpty();
  }

  @Test
  void aNewerCallIsExecutedAfterTheOlderOneThatIsStillRunning() throws Exception {
    CompletableFuture<String> older =
        CompletableFuture.supplyAsync(() -> call("slow", claim("a", 1)));
    assertThat(slowBegan.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<String> newer = new CompletableFuture<>();
    Thread sender = new Thread(() -> newer.complete(call("R2", claim("b", 2))));
    sender.start();
    long start = System.nanoTime();
    while (!isRefused("late", claim("a", 1))) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(executed).doesNotContain("R2 by b");
    }
    assertThat(newer).isNotDone();
    slowMayEnd.countDown();
    assertThat(older.get(20, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(newer.get(20, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(executed).endsWith("slow by a", "R2 by b");
  }

  @Test
  void aCallThatFailsDoesNotHoldUpNewerTokens() {
    assertThat(refusal("crash", claim("a", 1))).isEqualTo(Status.Code.UNKNOWN);
    assertThat(call("R2", claim("b", 2))).isEqualTo("done");
  }

  @Test
  void refusesWhoeverTheStoreDoesNotKnowAsTheHolder() throws Exception {
    try (CoordinationClient client =
            CoordinationClient.builder(InMemoryBackend.create()).candidate("a").build();
        LeaderLatch latch = client.leaderLatch(NAME).start()) {
      stop();
      serve(
          FencingVerifier.builder()
              .confirmedBy(name -> client.election(name).leaderAsync(), Duration.ofSeconds(1))
              .build());
      Lease lease = latch.await();
      assertThat(call("R1", FencingClaim.of(lease, "a").toText())).isEqualTo("done");
      assertThat(refusal("forged", claim("a", lease.token().value() + 1)))
          .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }
    assertThat(executed).containsExactly("R1 by a");
  }

  private boolean isRefused(String request, String claim) {
    try {
      call(request, claim);
      return false;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      return true;
    }
  }

  private Status.Code refusal(String request, String... claims) {
    StatusRuntimeException[] refused = new StatusRuntimeException[1];
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> call(request, claims))
        .satisfies(refusal -> refused[0] = refusal);
    return refused[0].getStatus().getCode();
  }

  private String call(String request, String... claims) {
    Metadata metadata = new Metadata();
    for (String claim : claims) {
      metadata.put(GrpcClaimInterceptor.CLAIM, claim);
    }
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
        DEBIT,
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        request);
  }

  private static String claim(String owner, long token) {
    return new FencingClaim(NAME, owner, FencingToken.of(token), OptionalLong.empty()).toText();
  }
}
