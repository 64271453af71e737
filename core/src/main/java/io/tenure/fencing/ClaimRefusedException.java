package io.tenure.fencing;

import io.tenure.CoordinationException;
import io.tenure.FencingToken;
import java.util.Locale;
import java.util.Optional;

/**
 * A receiver's refusal of a request because of its claim: nothing of the request was executed.
 *
 * <p>It has a form for the wire, {@link #problemJson()}, that tells the sender why, and which token
 * was expected where that is known.
 */
public final class ClaimRefusedException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  /** Why a request was refused. */
  public enum Reason {
    /** The request has no claim. */
    MISSING(428, "The request carries no claim"),
    /** The claim cannot be read, or there are several. */
    MALFORMED(400, "The claim cannot be read"),
    /** The claim is on another name than the one that guards what was asked for. */
    WRONG_NAME(409, "The claim is on another name"),
    /** A newer token was seen: the sender is a former holder. Final for this token. */
    STALE(409, "The token is stale"),
    /** The store says that somebody else holds the name now, or nobody. */
    NOT_CURRENT(409, "The claim is not current"),
    /** A request with this token and this sequence was let pass before. */
    REPEATED(409, "The request was let pass before"),
    /** A request with this token and a greater sequence was let pass before. */
    OVERTAKEN(409, "A later request was let pass before"),
    /** The claim could not be checked in time; the same request may be sent again. */
    UNCHECKED(503, "The claim could not be checked");

    private final int httpStatus;
    private final String title;

    Reason(int httpStatus, String title) {
      this.httpStatus = httpStatus;
      this.title = title;
    }

    /**
     * Returns the status of the HTTP response.
     *
     * @return 409 for every claim that was understood and refused
     */
    public int httpStatus() {
      return httpStatus;
    }
  }

  private final Reason reason;
  private final long expected;

  ClaimRefusedException(Reason reason, String sentence) {
    this(reason, sentence, Optional.empty());
  }

  ClaimRefusedException(Reason reason, String sentence, Optional<FencingToken> expected) {
    super(sentence);
    this.reason = reason;
    this.expected = expected.map(FencingToken::value).orElse(0L);
  }

  ClaimRefusedException(Reason reason, String sentence, Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
    this.expected = 0;
  }

  /**
   * Returns why the request was refused.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns the token that was expected.
   *
   * @return the smallest token that may be let pass, or empty if the receiver knows of none
   */
  public Optional<FencingToken> expected() {
    return expected == 0 ? Optional.empty() : Optional.of(FencingToken.of(expected));
  }

  /**
   * Returns the body of an HTTP response, of the type {@code application/problem+json} (RFC 9457).
   *
   * <p>Beside the usual members it has {@code expectedToken} where that is known, as a string,
   * since a token may exceed what JavaScript's numbers hold.
   *
   * @return a JSON object in printable ASCII
   */
  public String problemJson() {
    Json json =
        new Json()
            .text("type", "urn:tenure:claim:" + reason.name().toLowerCase(Locale.ROOT))
            .text("title", reason.title)
            .number("status", reason.httpStatus)
            .text("detail", String.valueOf(getMessage()));
    expected().ifPresent(token -> json.text("expectedToken", token.toString()));
    return json.toString();
  }
}
