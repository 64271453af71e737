package io.tenure.examples;

/**
 * One thing that must be true after a drill.
 *
 * @param passed whether it is
 * @param sentence what it is about, with the numbers of this run
 */
record Check(boolean passed, String sentence) {
  @Override
  public String toString() {
    return (passed ? "PASS  " : "FAIL  ") + sentence;
  }
}
