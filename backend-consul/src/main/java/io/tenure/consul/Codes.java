package io.tenure.consul;

import com.ecwid.consul.transport.TransportException;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;

/** What the agent's answers, and the lack of one, say about a request. */
final class Codes {
  private Codes() {}

  /** The kinds of request, by what is known of one whose answer was lost. */
  enum Request {
    READ(Outcome.NOT_DONE),
    WRITE(Outcome.UNKNOWN);

    private final Outcome lost;

    Request(Outcome lost) {
      this.lost = lost;
    }

    Outcome lost() {
      return lost;
    }
  }

  /** Says what an answer means that is not the one that was hoped for. */
  static StoreException refused(Request request, String what, Reply reply) {
    return new StoreException(
        outcome(request, reply), "cannot " + what + ": Consul answered " + reply);
  }

  private static Outcome outcome(Request request, Reply reply) {
    int status = reply.status();
    if (isDenied(reply.body()) || reply.body().contains("Invalid Session TTL")) {
      return Outcome.REFUSED;
    }
    // Without a leader a server has handed the request to nobody; a busy one has not taken it.
    // Any other 503, and 408, may be a proxy's, which need not know what became of the request.
    if (reply.body().contains("No cluster leader")
        || reply.body().contains("rate limit exceeded")
        || status == 429) {
      return Outcome.NOT_DONE;
    }
    return status >= 300 && status < 500 && status != 408 ? Outcome.REFUSED : request.lost();
  }

  /** A transaction says it with status 409, everything else with 403. */
  static boolean isDenied(String text) {
    return text.contains("Permission denied") || text.contains("ACL not found");
  }

  /** Says what it means that there was no answer. */
  static StoreException lost(Request request, String what, Throwable error) {
    Throwable cause = unwrap(error);
    if (cause instanceof StoreException known) {
      return known;
    }
    return new StoreException(outcome(request, cause), "cannot " + what + ": " + cause, cause);
  }

  private static Outcome outcome(Request request, Throwable cause) {
    if (cause instanceof SSLHandshakeException || cause instanceof SSLPeerUnverifiedException) {
      return isDistrust(cause) ? Outcome.REFUSED : Outcome.NOT_DONE;
    }
    boolean unsent =
        cause instanceof ConnectException
            || cause instanceof ConnectTimeoutException
            || cause instanceof NoRouteToHostException
            || cause instanceof UnknownHostException;
    return unsent ? Outcome.NOT_DONE : request.lost();
  }

  private static boolean isDistrust(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLPeerUnverifiedException
          || cause instanceof CertificateException
          || cause instanceof CertPathValidatorException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable unwrap(Throwable error) {
    Throwable cause = error;
    while ((cause instanceof CompletionException || cause instanceof TransportException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
