package io.tenure.cli;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The words of a command line, read one after the other. */
public final class CommandLine {
  private final Deque<String> left;

  /**
   * Takes the words.
   *
   * @param words a program's arguments
   */
  public CommandLine(String... words) {
    left = new ArrayDeque<>(Arrays.asList(words));
  }

  /**
   * Tells whether a word is left.
   *
   * @return false at the end
   */
  public boolean hasNext() {
    return !left.isEmpty();
  }

  /**
   * Reads a word.
   *
   * @return the next one
   * @throws java.util.NoSuchElementException if there is none
   */
  public String next() {
    return left.pop();
  }

  /**
   * Reads the word after an option.
   *
   * @param option the option
   * @return its value
   * @throws IllegalArgumentException if there is none
   */
  public String valueOf(String option) {
    String value = left.poll();
    if (value == null) {
      throw new IllegalArgumentException("the option " + option + " needs a value after it");
    }
    return value;
  }

  /**
   * Makes the failure of a program that does not know an option.
   *
   * @param option the option
   * @return to be thrown
   */
  public static IllegalArgumentException unknown(String option) {
    return new IllegalArgumentException(
        "there is no option '" + option + "'; --help lists those that there are");
  }
}
