package io.tenure.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 4s}, {@code 1500ms}. */
public final class Durations {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s)");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @param text a number and a unit, {@code s} or {@code ms}
   * @return the duration
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a duration is a number and a unit, such as 4s or 1500ms, but this is '" + text + "'");
    }
    long number = Long.parseLong(parts.group(1));
    return parts.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
  }
}
