package io.tenure;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One cell's part of an atomic write of several: which cell, what it must hold, and what becomes of
 * it. Immutable. Handed to {@link Cells#writeAll}.
 */
public final class CellWrite {
  static final int MAX_VALUE_BYTES = 64 * 1024;

  private final String key;
  private final Expected expected;
  private final Optional<byte[]> next;

  private CellWrite(String key, Expected expected, Optional<byte[]> next) {
    this.key = requireNonNull(key, "key");
    this.expected = requireNonNull(expected, "expected");
    this.next = next;
  }

  /**
   * Writes a cell if it is as expected.
   *
   * @param key the cell
   * @param expected what it must hold; {@link Expected#absent()} creates it
   * @param next the new value, copied
   * @return the part
   * @throws IllegalArgumentException if the value is longer than 65,536 bytes
   */
  public static CellWrite put(String key, Expected expected, byte[] next) {
    if (next.length > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "a cell's value is at most " + MAX_VALUE_BYTES + " bytes, but this has " + next.length);
    }
    return new CellWrite(key, expected, Optional.of(next.clone()));
  }

  /**
   * Deletes a cell if it is as expected.
   *
   * @param key the cell
   * @param expected a value or a version
   * @return the part
   * @throws IllegalArgumentException if {@code expected} is {@link Expected#absent()}
   */
  public static CellWrite delete(String key, Expected expected) {
    if (expected == Expected.absent()) {
      throw new IllegalArgumentException(
          "a deletion expects a value or a version, but this expects an empty cell");
    }
    return new CellWrite(key, expected, Optional.empty());
  }

  /**
   * Returns the cell's key.
   *
   * @return as the user gave it
   */
  public String key() {
    return key;
  }

  Expected expected() {
    return expected;
  }

  /** The new value, which nobody changes; empty for a deletion. */
  Optional<byte[]> next() {
    return next;
  }

  /** How many bytes of values travel with it. */
  long bytes() {
    long compared = expected instanceof Expected.Value value ? value.bytes().length : 0;
    return compared + next.map(value -> value.length).orElse(0);
  }

  @Override
  public String toString() {
    return next.map(value -> "put '" + key + "', " + value.length + " bytes")
            .orElseGet(() -> "delete '" + key + "'")
        + ", expecting "
        + expected;
  }
}
