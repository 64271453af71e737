package io.tenure.zookeeper;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** What ZooKeeper's error codes say about a request: done, not done, or nobody knows. */
final class Codes {
  private Codes() {}

  /** The kinds of request, by what is known of one whose answer was lost. */
  enum Request {
    /** Reads outside of a session of ours: the next one may use another handle. */
    LOOK(Outcome.NOT_DONE, Outcome.NOT_DONE),
    /** Reads that a session depends on. */
    READ(Outcome.NOT_DONE, Outcome.SESSION_GONE),
    /** Writes to what the session owns: when it is gone so are they. */
    ENTRY(Outcome.UNKNOWN, Outcome.SESSION_GONE),
    /**
     * Writes to what outlives the session. The client reports an expired session also for a request
     * that it had sent and that the server may have applied before.
     */
    CELL(Outcome.UNKNOWN, Outcome.UNKNOWN);

    private final Outcome lost;
    private final Outcome expired;

    Request(Outcome lost, Outcome expired) {
      this.lost = lost;
      this.expired = expired;
    }
  }

  static boolean is(Throwable error, Code code) {
    return unwrap(error) instanceof KeeperException known && known.code() == code;
  }

  /** Turns the answer that there is no such node into an empty one. */
  static <T> CompletableFuture<Optional<T>> unlessMissing(CompletableFuture<T> answer) {
    return answer
        .thenApply(Optional::of)
        .exceptionally(
            error -> {
              if (is(error, Code.NONODE)) {
                return Optional.empty();
              }
              throw new CompletionException(unwrap(error));
            });
  }

  /** Says what a failure means; one that was explained before stays as it is. */
  static StoreException explain(Request request, String what, Throwable error) {
    Throwable cause = unwrap(error);
    if (cause instanceof StoreException known) {
      return known;
    }
    if (cause instanceof KeeperException refused) {
      return new StoreException(
          outcome(request, refused.code()),
          "cannot " + what + ": ZooKeeper says " + refused.code(),
          cause);
    }
    if (cause instanceof IllegalArgumentException) {
      return new StoreException(
          Outcome.REFUSED, "cannot " + what + ": " + cause.getMessage(), cause);
    }
    String reason = cause instanceof TimeoutException ? "no answer in time" : cause.toString();
    return new StoreException(request.lost, "cannot " + what + ": " + reason, cause);
  }

  private static Outcome outcome(Request request, Code code) {
    return switch (code) {
      case SESSIONEXPIRED -> request.expired;
      case AUTHFAILED,
          NOAUTH,
          INVALIDACL,
          BADARGUMENTS,
          MARSHALLINGERROR,
          UNIMPLEMENTED,
          NOTEMPTY,
          NOCHILDRENFOREPHEMERALS,
          EPHEMERALONLOCALSESSION,
          SESSIONCLOSEDREQUIRESASLAUTH,
          QUOTAEXCEEDED ->
          Outcome.REFUSED;
      case NONODE, NODEEXISTS, BADVERSION, NOTREADONLY, THROTTLEDOP -> Outcome.NOT_DONE;
      default -> request.lost;
    };
  }

  static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
