package io.tenure;

import java.util.Optional;

/**
 * Thrown where a lease had to be held, and was not or not for long enough.
 *
 * <p>The work that depended on it must stop; the next acquisition has another token.
 */
public class LeaseLostException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final FencingToken token;
  private final Optional<LossReason> reason;

  /**
   * Creates the exception.
   *
   * @param name the lease's name
   * @param token the lease's token
   * @param reason why it was lost; empty if it was released, or is held for too short a time
   * @param detail the rest of the sentence that begins with "the lease on 'name' (token n) "
   */
  public LeaseLostException(
      String name, FencingToken token, Optional<LossReason> reason, String detail) {
    super("the lease on '" + name + "' (token " + token + ") " + detail);
    this.name = name;
    this.token = token;
    this.reason = reason;
  }

  /**
   * Returns the lease's name.
   *
   * @return as the user gave it
   */
  public String name() {
    return name;
  }

  /**
   * Returns the lease's token.
   *
   * @return the token that resources may still see in late requests
   */
  public FencingToken token() {
    return token;
  }

  /**
   * Returns why the lease was lost.
   *
   * @return empty if it was released by its owner, or is still held but not for long enough
   */
  public Optional<LossReason> reason() {
    return reason;
  }
}
