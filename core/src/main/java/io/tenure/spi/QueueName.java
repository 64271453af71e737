package io.tenure.spi;

import java.util.regex.Pattern;

/**
 * The place of a queue in the store: escaped segments, joined by slashes, without one at either
 * end.
 *
 * <p>The core has escaped everything outside {@code A-Z a-z 0-9 _ -} as {@code %XX}, so a backend
 * can use the path as it is in any store's key.
 *
 * @param path for example {@code prod/billing/lock/accounts%2F42}
 */
public record QueueName(String path) {
  private static final Pattern SEGMENTS = Pattern.compile("[A-Za-z0-9_%-]+(/[A-Za-z0-9_%-]+)*");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if the path is not made of escaped segments
   */
  public QueueName {
    if (!SEGMENTS.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "a queue's path is escaped segments joined by '/', but this is '" + path + "'");
    }
  }

  @Override
  public String toString() {
    return path;
  }
}
