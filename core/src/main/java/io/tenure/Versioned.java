package io.tenure;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a cell held when it was read: its bytes and their version.
 *
 * @param value the bytes
 * @param version a number that no other write of the same cell has, also after the cell was deleted
 *     and created again
 */
public record Versioned(byte[] value, long version) {
  /** Copies the bytes. */
  public Versioned {
    value = requireNonNull(value, "value").clone();
  }

  /** Returns a copy of the bytes. */
  @Override
  public byte[] value() {
    return value.clone();
  }

  /**
   * Returns the bytes as UTF-8 text.
   *
   * @return the text; malformed bytes become replacement characters
   */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Versioned that
        && version == that.version
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(version) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "Versioned[" + value.length + " bytes, version " + version + "]";
  }
}
