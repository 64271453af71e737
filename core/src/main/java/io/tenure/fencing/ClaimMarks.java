package io.tenure.fencing;

import java.util.Objects;
import javax.sql.DataSource;

/**
 * Where a {@link FencingVerifier} keeps its high-water marks so that they outlive the process, or
 * are shared by several receivers. May be called by many threads at a time.
 */
@FunctionalInterface
public interface ClaimMarks {
  /**
   * Raises the mark of the claim's name, or refuses the claim. May block and do I/O, within a bound
   * of its own.
   *
   * @param claim a claim that was read, on the name that it should be on
   * @return {@link Admission#APPLY} if the request may be executed
   * @throws StaleTokenException if the name has seen a newer token
   * @throws Exception if the marks cannot be had; the request is refused with {@link
   *     ClaimRefusedException.Reason#UNCHECKED}
   */
  Admission admit(FencingClaim claim) throws Exception;

  /**
   * Returns marks in a database, each raised in a transaction of its own before the request is
   * executed, and raised for good even if the request fails then. A transaction that the database
   * asks to run again (SQLState 40) is run again, a few times.
   *
   * @param guard the guard; its table exists
   * @param dataSource gives a connection for each claim
   * @return the marks
   */
  static ClaimMarks inDatabase(JdbcFencingGuard guard, DataSource dataSource) {
    Objects.requireNonNull(guard, "guard");
    Objects.requireNonNull(dataSource, "dataSource");
    return new JdbcClaimMarks(guard, dataSource);
  }
}
