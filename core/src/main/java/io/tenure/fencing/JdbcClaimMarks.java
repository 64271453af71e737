package io.tenure.fencing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Marks of claims in a guard's table, each claim in a transaction of its own. */
final class JdbcClaimMarks implements ClaimMarks {
  private static final int MAX_ATTEMPTS = 8;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final String RUN_AGAIN_CLASS = "40";

  private final JdbcFencingGuard guard;
  private final DataSource dataSource;

  JdbcClaimMarks(JdbcFencingGuard guard, DataSource dataSource) {
    this.guard = guard;
    this.dataSource = dataSource;
  }

  @Override
  public Admission admit(FencingClaim claim) throws SQLException {
    try (Connection tx = dataSource.getConnection()) {
      boolean autoCommit = tx.getAutoCommit();
      tx.setAutoCommit(false);
      try {
        return admit(tx, claim);
      } finally {
        tx.setAutoCommit(autoCommit);
      }
    }
  }

  private Admission admit(Connection tx, FencingClaim claim) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        Admission admission = raise(tx, claim);
        tx.commit();
        return admission;
      } catch (StaleTokenException e) {
        tx.rollback();
        throw e;
      } catch (SQLException e) {
        rollback(tx, e);
        if (attempt == MAX_ATTEMPTS || !asksToRunAgain(e)) {
          throw e;
        }
        /* At random, since those that deadlocked would meet again otherwise. */
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_NANOS << attempt));
      }
    }
  }

  private Admission raise(Connection tx, FencingClaim claim) throws SQLException {
    if (claim.sequence().isPresent()) {
      return guard.admitOnce(tx, claim.name(), claim.token(), claim.sequence().getAsLong());
    }
    guard.admit(tx, claim.name(), claim.token());
    return Admission.APPLY;
  }

  private static void rollback(Connection tx, SQLException cause) {
    try {
      tx.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private static boolean asksToRunAgain(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith(RUN_AGAIN_CLASS);
  }
}
