package io.tenure.testkit.sim;

import io.tenure.spi.QueueName;

/**
 * One entry that is or was in the store.
 *
 * @param queue its queue
 * @param revision its revision, which is its token's
 */
record EntryKey(QueueName queue, long revision) {
  @Override
  public String toString() {
    return queue + " with token " + revision;
  }
}
