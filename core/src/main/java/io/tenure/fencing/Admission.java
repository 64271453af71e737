package io.tenure.fencing;

/**
 * A guard's answer to a write that carries a sequence number beside its token: exactly one of
 * these, or a {@link StaleTokenException} for a token that is too old.
 *
 * <p>Under one token a guard remembers the greatest sequence that it let pass. So a sender that
 * sends the next number only when it knows what became of the one before is always told {@link
 * #APPLY} or {@link #APPLIED_BEFORE}. One that sends several at once, or gives one up, may be told
 * {@link #OVERTAKEN}.
 */
public enum Admission {
  /** Nobody was let pass with this token and this sequence before: apply the write now. */
  APPLY,

  /**
   * This sequence is the last one that was let pass under this token, so this very write was
   * applied before: do not apply it again, and tell the sender that it is done.
   */
  APPLIED_BEFORE,

  /**
   * A greater sequence was let pass under this token: do not apply this one. It may have been
   * applied before the greater one came, or never; the guard does not keep which. It will not be
   * applied from now on.
   */
  OVERTAKEN
}
