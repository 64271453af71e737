package io.tenure.fencing;

import io.tenure.FencingToken;
import java.util.Optional;

/**
 * What a guard in memory remembers of one resource: the greatest token, and the greatest sequence
 * under it. Raised under its owner's lock only; anyone may look at the token.
 */
final class HighWaterMark {
  /** In place of a sequence: the write may come again. */
  static final long NO_SEQUENCE = 0;

  private final String resource;

  /* 0 before the first token. */
  private volatile long token;
  private long sequence;

  HighWaterMark(String resource) {
    this.resource = resource;
  }

  /**
   * Refuses a sequence that nobody can count from.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  static long checkSequence(long sequence) {
    if (sequence <= NO_SEQUENCE) {
      throw new IllegalArgumentException(
          "a sequence is greater than 0, but this one is " + sequence);
    }
    return sequence;
  }

  /**
   * Raises the mark if the token and the sequence allow it.
   *
   * @throws StaleTokenException if the resource has seen a newer token
   */
  Admission raise(FencingToken presented, long presentedSequence) {
    if (presented.value() < token) {
      throw new StaleTokenException(resource, presented, FencingToken.of(token));
    }
    if (presented.value() > token) {
      token = presented.value();
      sequence = NO_SEQUENCE;
    }
    if (presentedSequence == NO_SEQUENCE) {
      return Admission.APPLY;
    }
    if (presentedSequence <= sequence) {
      return notAgain(presentedSequence, sequence);
    }
    sequence = presentedSequence;
    return Admission.APPLY;
  }

  /** The answer to a sequence that is not greater than the last one. */
  static Admission notAgain(long presented, long last) {
    return presented == last ? Admission.APPLIED_BEFORE : Admission.OVERTAKEN;
  }

  Optional<FencingToken> highest() {
    long seen = token;
    return seen == 0 ? Optional.empty() : Optional.of(FencingToken.of(seen));
  }
}
