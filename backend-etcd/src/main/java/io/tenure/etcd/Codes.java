package io.tenure.etcd;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the status of a call says about a request: done, not done, or nobody knows. */
final class Codes {
  private static final String TOKEN_INVALID = "etcdserver: invalid auth token";
  private static final String TOKEN_OLD = "etcdserver: revision of auth store is old";
  private static final String SERVER = "etcdserver:";

  private Codes() {}

  /** The kinds of request, by what is known of one whose answer was lost. */
  enum Effect {
    READ(Outcome.NOT_DONE),
    WRITE(Outcome.UNKNOWN);

    private final Outcome lost;

    Effect(Outcome lost) {
      this.lost = lost;
    }
  }

  /** Says what a failure means; one that was explained before stays as it is. */
  static StoreException explain(Effect effect, String what, Throwable error) {
    Throwable cause = unwrap(error);
    if (cause instanceof StoreException known) {
      return known;
    }
    if (cause instanceof TimeoutException) {
      return new StoreException(effect.lost, "cannot " + what + ": no answer in time", cause);
    }
    Status status = Status.fromThrowable(cause);
    return new StoreException(
        outcome(effect, status), "cannot " + what + ": " + reason(status), cause);
  }

  /** Says what it means that the server does not begin a watch, or ends it, for a reason. */
  static StoreException watchEnded(String what, String reason) {
    boolean refused = reason.contains("permission denied") || reason.contains("user name is empty");
    return new StoreException(
        refused ? Outcome.REFUSED : Outcome.NOT_DONE,
        "cannot " + what + ": etcd says '" + reason + "'");
  }

  private static Outcome outcome(Effect effect, Status status) {
    String says = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case NOT_FOUND -> says.contains("lease") ? Outcome.SESSION_GONE : Outcome.NOT_DONE;
      case PERMISSION_DENIED, UNIMPLEMENTED, OUT_OF_RANGE -> Outcome.REFUSED;
      case INVALID_ARGUMENT -> isToken(says) ? Outcome.NOT_DONE : Outcome.REFUSED;
      case UNAUTHENTICATED -> unauthenticated(says, status.getCause());
      case FAILED_PRECONDITION -> Outcome.NOT_DONE;
      // The server's own word is a refusal to begin; ours may be about an answer that is too long.
      case RESOURCE_EXHAUSTED -> says.startsWith(SERVER) ? Outcome.NOT_DONE : effect.lost;
      default -> effect.lost;
    };
  }

  /** Without a token nothing was sent. Whether there may be one later, its own failure tells. */
  private static Outcome unauthenticated(String says, @Nullable Throwable cause) {
    if (isToken(says)) {
      return Outcome.NOT_DONE;
    }
    return switch (Status.fromThrowable(cause == null ? new Throwable(says) : cause).getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL -> Outcome.NOT_DONE;
      default -> Outcome.REFUSED;
    };
  }

  private static String reason(Status status) {
    String says = status.getDescription();
    Throwable cause = status.getCause();
    if (says == null && cause != null) {
      says = cause.getMessage();
    }
    return status.getCode() + (says == null ? "" : ", '" + says + "'");
  }

  /** The request was refused before anything else, because the token has run out. */
  static boolean isTokenRefused(Throwable error) {
    Throwable cause = unwrap(error);
    return !(cause instanceof StoreException) && isToken(Status.fromThrowable(cause));
  }

  private static boolean isToken(Status status) {
    return status.getDescription() != null && isToken(status.getDescription());
  }

  /** The reason that the server gives when a token has run out. */
  static boolean isToken(String says) {
    return says.contains(TOKEN_INVALID) || says.contains(TOKEN_OLD);
  }

  /** Nobody is there, as far as the connection knows; a server without a leader is. */
  static boolean isUnavailable(Throwable error) {
    Throwable cause = unwrap(error);
    if (cause instanceof StoreException) {
      return false;
    }
    Status status = Status.fromThrowable(cause);
    String says = status.getDescription();
    return status.getCode() == Code.UNAVAILABLE && (says == null || !says.startsWith(SERVER));
  }

  private static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
