package io.tenure.spi;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * An entry that a contender wants in a queue.
 *
 * @param id a name nobody else ever uses: 32 lower-case hexadecimal digits
 * @param kind what the entry asks for, part of its name in the store: a lower-case letter, then
 *     lower-case letters or digits, 8 characters at most ("w" for exclusive)
 * @param payload who is asking, readable by anyone
 */
public record EntrySpec(String id, String kind, byte[] payload) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9]{0,7}");

  /**
   * Checks the form and copies the payload.
   *
   * @throws IllegalArgumentException if id or kind is malformed
   */
  public EntrySpec {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "an entry's id is 32 hexadecimal digits, not '" + id + "'");
    }
    if (!isKind(kind)) {
      throw new IllegalArgumentException(
          "an entry's kind is 1 to 8 lower-case letters or digits, not '" + kind + "'");
    }
    payload = requireNonNull(payload, "payload").clone();
  }

  /** Returns a copy of the payload. */
  @Override
  public byte[] payload() {
    return payload.clone();
  }

  /**
   * Tells whether a text that stands in the store can be an entry's id. What a stranger put into
   * the queue is not an entry.
   *
   * @param text anything
   * @return true if it has an id's form
   */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Tells whether a text that stands in the store can be an entry's kind.
   *
   * @param text anything
   * @return true if it has a kind's form
   */
  public static boolean isKind(String text) {
    return KIND.matcher(text).matches();
  }

  @Override
  public String toString() {
    return kind + "." + id;
  }
}
