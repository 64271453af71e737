package io.tenure.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tenure.fencing.ClaimRefusedException;
import io.tenure.fencing.FencingClaim;
import io.tenure.fencing.FencingVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gRPC server interceptor that lets a call through only if its claim is admitted, and otherwise
 * closes it with a status before the service sees anything of it.
 *
 * <pre>{@code
 * ServerInterceptors.intercept(service,
 *     new GrpcClaimInterceptor(verifier, (method, metadata) -> "accounts/42"));
 * }</pre>
 *
 * <table>
 * <caption>The status of a refused call</caption>
 * <tr><th>Refusal</th><th>Status</th></tr>
 * <tr><td>no claim, or none that can be read</td><td>{@code INVALID_ARGUMENT}</td></tr>
 * <tr><td>understood and refused (HTTP's 409)</td><td>{@code FAILED_PRECONDITION}</td></tr>
 * <tr><td>could not be checked</td><td>{@code UNAVAILABLE}</td></tr>
 * </table>
 *
 * <p>The trailers carry {@link #EXPECTED_TOKEN} where it is known. The call counts as running until
 * it has completed or was cancelled and the service's callbacks have returned; what a service still
 * does on threads of its own after a cancellation is not waited for.
 *
 * <p>Judging a claim may block. It is done on the call's executor, which must not be the
 * transport's thread: do not build the server with {@code directExecutor()}.
 */
public final class GrpcClaimInterceptor implements ServerInterceptor {
  /** The metadata key that a claim travels under, in its text form. */
  public static final Metadata.Key<String> CLAIM =
      Metadata.Key.of(FencingClaim.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER);

  /** The trailer of a refused call that tells which token was expected, in decimal. */
  public static final Metadata.Key<String> EXPECTED_TOKEN =
      Metadata.Key.of("tenure-expected-token", Metadata.ASCII_STRING_MARSHALLER);

  /** Where a service finds the claim that its call was let through with. */
  public static final Context.Key<FencingClaim> CURRENT_CLAIM = Context.key("tenure-claim");

  private static final Logger LOG = LoggerFactory.getLogger(GrpcClaimInterceptor.class);

  private final FencingVerifier verifier;
  private final BiFunction<ServerCall<?, ?>, Metadata, String> nameOf;

  /**
   * Creates an interceptor.
   *
   * @param verifier judges the claims
   * @param nameOf tells which name guards what a call asks for, by its method and metadata
   */
  public GrpcClaimInterceptor(
      FencingVerifier verifier, BiFunction<ServerCall<?, ?>, Metadata, String> nameOf) {
    this.verifier = Objects.requireNonNull(verifier, "verifier");
    this.nameOf = Objects.requireNonNull(nameOf, "nameOf");
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    FencingVerifier.Passage passage;
    try {
      passage = verifier.admit(nameOf.apply(call, metadata), values(metadata));
    } catch (ClaimRefusedException e) {
      return refuse(call, e);
    }
    boolean admitted = false;
    try {
      Context context = Context.current().withValue(CURRENT_CLAIM, passage.claim());
      ServerCall.Listener<Q> listener =
          new Ending<>(Contexts.interceptCall(context, call, metadata, next), passage);
      admitted = true;
      return listener;
    } finally {
      if (!admitted) {
        passage.close();
      }
    }
  }

  private static List<String> values(Metadata metadata) {
    @Nullable Iterable<String> sent = metadata.getAll(CLAIM);
    List<String> values = new ArrayList<>();
    if (sent != null) {
      sent.forEach(values::add);
    }
    return values;
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, ClaimRefusedException refusal) {
    if (refusal.reason() == ClaimRefusedException.Reason.UNCHECKED) {
      LOG.warn("A call was refused because its claim could not be checked", refusal);
    }
    Metadata trailers = new Metadata();
    refusal.expected().ifPresent(token -> trailers.put(EXPECTED_TOKEN, token.toString()));
    call.close(status(refusal.reason()).withDescription(refusal.getMessage()), trailers);
    return new ServerCall.Listener<>() {};
  }

  private static Status status(ClaimRefusedException.Reason reason) {
    return switch (reason) {
      case MISSING, MALFORMED -> Status.INVALID_ARGUMENT;
      case WRONG_NAME, STALE, NOT_CURRENT, REPEATED, OVERTAKEN -> Status.FAILED_PRECONDITION;
      case UNCHECKED -> Status.UNAVAILABLE;
    };
  }

  /* One of the two is always the last callback of a call. */
  private static final class Ending<Q> extends SimpleForwardingServerCallListener<Q> {
    private final FencingVerifier.Passage passage;

    Ending(ServerCall.Listener<Q> service, FencingVerifier.Passage passage) {
      super(service);
      this.passage = passage;
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        passage.close();
      }
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        passage.close();
      }
    }
  }
}
