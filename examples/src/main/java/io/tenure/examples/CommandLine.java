package io.tenure.examples;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The words of a command line, read one after the other. */
final class CommandLine {
  private final Deque<String> left;

  CommandLine(String... words) {
    left = new ArrayDeque<>(Arrays.asList(words));
  }

  boolean hasNext() {
    return !left.isEmpty();
  }

  String next() {
    return left.pop();
  }

  /**
   * Reads the word after an option.
   *
   * @throws IllegalArgumentException if there is none
   */
  String valueOf(String option) {
    String value = left.poll();
    if (value == null) {
      throw new IllegalArgumentException("the option " + option + " needs a value after it");
    }
    return value;
  }

  static IllegalArgumentException unknown(String option) {
    return new IllegalArgumentException(
        "there is no option '" + option + "'; --help lists those that there are");
  }
}
