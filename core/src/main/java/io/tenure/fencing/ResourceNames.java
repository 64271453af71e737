package io.tenure.fencing;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The rule for names of guarded resources, the same for every guard. */
final class ResourceNames {
  /** The width of the column that {@link JdbcFencingGuard} keeps the name in. */
  static final int MAX_BYTES = 255;

  private ResourceNames() {}

  /**
   * Refuses a name that a store could cut, fold or refuse by itself.
   *
   * @throws IllegalArgumentException if the name is empty, longer than {@link #MAX_BYTES} bytes in
   *     UTF-8, not well-formed Unicode, or has a control character
   */
  static void check(String resource) {
    check("a resource's name", resource);
  }

  /** The same rule for another text, whose refusal calls it {@code what}. */
  static void check(String what, String resource) {
    if (resource.isEmpty()) {
      throw new IllegalArgumentException(
          what + " has 1 to " + MAX_BYTES + " bytes in UTF-8, but this one is empty");
    }
    int control = firstControl(resource);
    if (control >= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has no control characters, but this one has U+%04X at index %d",
              what,
              (int) resource.charAt(control),
              control));
    }
    int bytes = utf8Length(what, resource);
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " has 1 to " + MAX_BYTES + " bytes in UTF-8, but this one has " + bytes);
    }
  }

  private static int firstControl(String resource) {
    for (int i = 0; i < resource.length(); i++) {
      if (Character.isISOControl(resource.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  /* An encoder reports a lone surrogate, where getBytes would make it '?' and so another name. */
  private static int utf8Length(String what, String resource) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(resource)).remaining();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          what + " is well-formed Unicode, but this one has half of a surrogate pair", e);
    }
  }
}
