package io.tenure.fencing;

import java.util.UUID;

/** H2, in this process. */
final class H2Server implements DatabaseServer {
  @Override
  public String newDatabase() {
    return "jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=" + LOCK_WAIT.toMillis();
  }

  @Override
  public String identityType() {
    return "BIGINT GENERATED ALWAYS AS IDENTITY";
  }

  /*
   * H2 waits for a locked row visibly; for a row that another transaction has inserted and not
   * committed it tries the INSERT again until it can.
   */
  @Override
  public String countBlocked() {
    return "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL"
        + " OR EXECUTING_STATEMENT LIKE 'INSERT INTO tenure_fence%'";
  }

  @Override
  public int races() {
    return 100;
  }

  @Override
  public void close() {
    /* Each database ends with its last connection. */
  }
}
