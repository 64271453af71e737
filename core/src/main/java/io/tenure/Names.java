package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.QueueName;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one way from a user's name to a store's key: checked, then escaped so that no two names meet.
 *
 * <p>Every byte of the UTF-8 form outside {@code A-Z a-z 0-9 _ -} becomes {@code %XX}, the dot and
 * the percent sign included. What remains is a key segment that every store takes as it is and that
 * no proxy or client normalises. Names that look alike but differ in bytes stay different.
 */
final class Names {
  private static final int MAX_BYTES = 255;
  private static final String HEX = "0123456789ABCDEF";

  private final String namespace;

  /**
   * Takes a namespace, slash-separated segments; leading and trailing slashes are allowed.
   *
   * @throws IllegalArgumentException if a segment is not allowed
   */
  Names(String namespace) {
    String trimmed = requireNonNull(namespace, "namespace").replaceAll("^/+|/+$", "");
    this.namespace =
        Stream.of(trimmed.split("/", -1))
            .map(segment -> segment(segment, "a namespace's segment"))
            .collect(Collectors.joining("/"));
  }

  QueueName lock(String name) {
    return new QueueName(namespace + "/lock/" + segment(name, "a lock's name"));
  }

  QueueName election(String name) {
    return new QueueName(namespace + "/election/" + segment(name, "an election's name"));
  }

  String cell(String key) {
    return namespace + "/cell/" + segment(key, "a cell's key");
  }

  /** Where an operator's generation stands; not reachable as a cell of a user's. */
  String generation() {
    return namespace + "/generation";
  }

  static String segment(String text, String what) {
    byte[] bytes = utf8(requireNonNull(text, what), what);
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " is 1 to " + MAX_BYTES + " bytes of UTF-8, but this has " + bytes.length);
    }
    if (text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException(what + " is not '.' or '..', but this is '" + text + "'");
    }
    text.codePoints()
        .filter(Character::isISOControl)
        .findFirst()
        .ifPresent(
            control -> {
              throw new IllegalArgumentException(
                  String.format(
                      "%s has no control characters, but this has U+%04X", what, control));
            });
    return escape(bytes);
  }

  private static byte[] utf8(String text, String what) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          what + " is well-formed Unicode, but this has a lone surrogate", e);
    }
  }

  private static String escape(byte[] bytes) {
    StringBuilder escaped = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      char c = (char) (b & 0xFF);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '_'
          || c == '-') {
        escaped.append(c);
      } else {
        escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return escaped.toString();
  }
}
