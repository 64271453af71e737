package io.tenure.consul;

/** Somebody who follows one place. It is shown that place by one thread at a time. */
interface Follower extends Feed.Reader {
  /** What it reads if it has a query of its own. */
  Place place();

  /** What it reads together with others if there are too many for a query each. */
  Place crowd();

  /**
   * Tells from what the crowd reads whether this one's place has to be read. May be called while
   * another thread shows that place.
   *
   * @param crowd what stands in {@link #crowd()}
   */
  boolean isConcerned(Snapshot crowd);

  /** True if it wants to see nothing more. From any thread. */
  boolean isOver();
}
