package io.tenure;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * What a versioned cell must hold for a compare-and-swap to be applied.
 *
 * <p>A version is stronger than a value: a cell that was changed and changed back has its old value
 * again, but never an old version.
 */
public sealed interface Expected {
  /**
   * The cell must be empty; the swap creates it.
   *
   * @return the expectation
   */
  static Expected absent() {
    return Absent.INSTANCE;
  }

  /**
   * The cell must hold exactly these bytes.
   *
   * @param value the bytes, copied
   * @return the expectation
   */
  static Expected value(byte[] value) {
    return new Value(value);
  }

  /**
   * The cell must not have been written since it had this version.
   *
   * @param version a version that an earlier read or write returned
   * @return the expectation
   */
  static Expected version(long version) {
    return new Version(version);
  }

  /** The cell is empty. */
  enum Absent implements Expected {
    /** The only instance. */
    INSTANCE
  }

  /**
   * The cell holds these bytes.
   *
   * @param bytes the bytes; neither this record nor its reader changes them
   */
  record Value(byte[] bytes) implements Expected {
    /** Copies the bytes. */
    public Value {
      bytes = requireNonNull(bytes, "bytes").clone();
    }

    /** Returns a copy of the bytes. */
    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Value that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Value[" + bytes.length + " bytes]";
    }
  }

  /**
   * The cell has this version.
   *
   * @param version as an earlier read or write returned it
   */
  record Version(long version) implements Expected {}
}
