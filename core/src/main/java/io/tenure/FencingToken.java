package io.tenure;

/**
 * The number that a resource compares to refuse a former holder: of two acquisitions of one name,
 * the later one has the greater token.
 *
 * <p>A token protects nothing by itself. It protects a resource that remembers the greatest token
 * it has seen and refuses smaller ones, in the same atomic step as the write (see {@code
 * io.tenure.fencing}).
 *
 * <p>The value is one positive {@code long}, so it fits a {@code BIGINT} column. The lower {@value
 * #REVISION_BITS} bits are the revision that the store gave to the acquisition's own entry; it
 * keeps growing when the name is deleted and created again. The bits above are the operator's
 * <em>generation</em>, raised after a store was restored from a backup or replaced, because a
 * store's own revision goes back then.
 *
 * @param value the token, greater than zero
 */
public record FencingToken(long value) implements Comparable<FencingToken> {
  /** How many of the lower bits hold the store's revision. */
  public static final int REVISION_BITS = 55;

  /** The greatest generation that an operator can set. */
  public static final int MAX_GENERATION = (1 << (Long.SIZE - 1 - REVISION_BITS)) - 1;

  private static final long MAX_REVISION = (1L << REVISION_BITS) - 1;

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if {@code value} is not positive
   */
  public FencingToken {
    if (value <= 0) {
      throw new IllegalArgumentException("a fencing token is greater than 0, but this is " + value);
    }
  }

  /**
   * Returns the token that an earlier {@link #value()} stood for, for example one read back from a
   * column.
   *
   * @param value a token's value
   * @return the token
   * @throws IllegalArgumentException if {@code value} is not positive
   */
  public static FencingToken of(long value) {
    return new FencingToken(value);
  }

  /**
   * Puts an operator's generation in front of a store's revision.
   *
   * @param generation 0 to {@link #MAX_GENERATION}
   * @param revision the store's revision, 1 to 2^{@value #REVISION_BITS} - 1
   * @return the token, greater than every token of a smaller generation
   * @throws IllegalArgumentException if either number is out of its range
   */
  public static FencingToken of(int generation, long revision) {
    if (generation < 0 || generation > MAX_GENERATION) {
      throw new IllegalArgumentException(
          "a generation is 0 to " + MAX_GENERATION + ", but this is " + generation);
    }
    if (revision <= 0 || revision > MAX_REVISION) {
      throw new IllegalArgumentException(
          "a store's revision is 1 to " + MAX_REVISION + ", but this is " + revision);
    }
    return new FencingToken(((long) generation << REVISION_BITS) | revision);
  }

  /**
   * Returns the operator's generation.
   *
   * @return 0 unless an operator raised it
   */
  public int generation() {
    return (int) (value >>> REVISION_BITS);
  }

  /**
   * Returns the store's revision.
   *
   * @return etcd's create revision, ZooKeeper's czxid, Consul's CreateIndex, or the memory store's
   *     counter
   */
  public long revision() {
    return value & MAX_REVISION;
  }

  /**
   * Tells whether this token was given out after {@code other}, for the same name.
   *
   * @param other a token of the same name
   * @return true if a resource that has seen this token must refuse {@code other}
   */
  public boolean isNewerThan(FencingToken other) {
    return value > other.value;
  }

  @Override
  public int compareTo(FencingToken other) {
    return Long.compare(value, other.value);
  }

  /** Returns the decimal value, as it stands in a column or a log. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
