package io.tenure.fencing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A running database of one kind, and the facts in which the kinds differ. */
interface DatabaseServer extends AutoCloseable {
  /** How long a statement waits for a lock. */
  Duration LOCK_WAIT = Duration.ofSeconds(20);

  /** The address of an empty database that nobody else uses. */
  String newDatabase() throws SQLException;

  /** The type of a column that counts upwards by itself. */
  String identityType();

  /** A query for the number of transactions that wait for another one. */
  String countBlocked();

  /** The weakest level above READ COMMITTED at which reads come from a snapshot. */
  default int snapshotIsolation() {
    return Connection.TRANSACTION_SERIALIZABLE;
  }

  /** Whether an UPDATE waits for a row that another transaction has inserted and not committed. */
  default boolean updatesWaitForInserts() {
    return false;
  }

  /** Whether a first admission that is raced can end in a deadlock at READ COMMITTED. */
  default boolean racesMayDeadlock() {
    return false;
  }

  /** How often to race, so that it takes seconds. */
  int races();

  @Override
  void close() throws Exception;
}
