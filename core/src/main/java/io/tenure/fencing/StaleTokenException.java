package io.tenure.fencing;

import io.tenure.CoordinationException;
import io.tenure.FencingToken;

/**
 * A guarded resource's refusal: it has seen a newer token, so whoever presented this one is a
 * former holder, and its write was not applied.
 *
 * <p>It is final. The same token is refused ever after, so do not try again with it: stop the work
 * of that lease, roll back, and acquire anew.
 */
public final class StaleTokenException extends CoordinationException {
  private static final long serialVersionUID = 1L;

  private final String resource;
  private final long presented;
  private final long highWaterMark;

  /**
   * Creates a refusal.
   *
   * @param resource the name of the guarded resource
   * @param presented the token that was refused
   * @param highWaterMark the newer token that the resource has already seen
   */
  public StaleTokenException(String resource, FencingToken presented, FencingToken highWaterMark) {
    super(
        "token "
            + presented.value()
            + " is stale for resource '"
            + resource
            + "', which has already seen token "
            + highWaterMark.value()
            + ": there is a newer holder, and this one's writes are refused");
    this.resource = resource;
    this.presented = presented.value();
    this.highWaterMark = highWaterMark.value();
  }

  /**
   * Returns the name of the guarded resource.
   *
   * @return the name, as it was given to the guard
   */
  public String resource() {
    return resource;
  }

  /**
   * Returns the token that was refused.
   *
   * @return a token smaller than {@link #highWaterMark()}
   */
  public FencingToken presented() {
    return FencingToken.of(presented);
  }

  /**
   * Returns the newer token that refused the presented one.
   *
   * @return the resource's high-water mark when it was asked; it may be higher by now
   */
  public FencingToken highWaterMark() {
    return FencingToken.of(highWaterMark);
  }
}
