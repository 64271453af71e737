package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static io.tenure.fencing.FencedDatabase.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Writes that carry a number beside their token. */
abstract class OnceGroup extends DatabaseGroup {
  OnceGroup(JdbcFencingContract contract, int isolation) {
    super(contract, isolation);
  }

  /** The guarded write as a receiver makes it; the caller commits. */
  static Admission applyOnce(Connection tx, String resource, long token, long sequence)
      throws SQLException {
    Admission admission = GUARD.admitOnce(tx, resource, FencingToken.of(token), sequence);
    if (admission == Admission.APPLY) {
      write(tx, resource, token);
    }
    return admission;
  }

  private Admission applyOnce(long token, long sequence) throws SQLException {
    return applyOnce(ACCOUNT, token, sequence);
  }

  private Admission applyOnce(String resource, long token, long sequence) throws SQLException {
    try (Connection connection = database.begin()) {
      return FencedDatabase.commit(connection, tx -> applyOnce(tx, resource, token, sequence));
    }
  }

  @Test
  void appliesARetriedWriteOnceAndTellsTheRetryThatItWas() throws SQLException {
    assertThat(applyOnce(5, 1)).isEqualTo(Admission.APPLY);
    assertThat(applyOnce(5, 1)).isEqualTo(Admission.APPLIED_BEFORE);
    assertThat(applyOnce(5, 2)).isEqualTo(Admission.APPLY);
    assertThat(applyOnce(5, 2)).isEqualTo(Admission.APPLIED_BEFORE);
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L, 5L);
  }

  @Test
  void doesNotApplyAWriteThatALaterOneHasOvertaken() throws SQLException {
    applyOnce(5, 3);
    assertThat(applyOnce(5, 2)).isEqualTo(Admission.OVERTAKEN);
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L);
  }

  @Test
  void beginsAnewWithANewerTokenAndRefusesTheOlderOne() throws SQLException {
    applyOnce(5, 9);
    assertThat(applyOnce(6, 1)).isEqualTo(Admission.APPLY);
    assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> applyOnce(5, 10));
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L, 6L);
  }

  @Test
  void aSealWithANewerTokenBeginsAnewToo() throws SQLException {
    applyOnce(5, 9);
    seal(6);
    assertThat(applyOnce(6, 1)).isEqualTo(Admission.APPLY);
    assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> applyOnce(5, 9));
  }

  @Test
  void aSealWithTheSameTokenDoesNotForgetTheNumber() throws SQLException {
    applyOnce(5, 9);
    seal(5);
    database.commitAdmitted(ACCOUNT, 5);
    assertThat(applyOnce(5, 9)).isEqualTo(Admission.APPLIED_BEFORE);
  }

  @Test
  void aWriteThatWasRolledBackIsAppliedByItsRetry() throws SQLException {
    try (Connection tx = database.begin()) {
      assertThat(GUARD.admitOnce(tx, ACCOUNT, FencingToken.of(5), 1)).isEqualTo(Admission.APPLY);
      write(tx, ACCOUNT, 5);
      tx.rollback();
    }
    assertThat(applyOnce(5, 1)).isEqualTo(Admission.APPLY);
    assertThat(database.ledger(ACCOUNT)).containsExactly(5L);
  }

  @Test
  void tellsTheSameWithinOneTransaction() throws SQLException {
    try (Connection tx = database.begin()) {
      assertThat(GUARD.admitOnce(tx, ACCOUNT, FencingToken.of(5), 1)).isEqualTo(Admission.APPLY);
      assertThat(GUARD.admitOnce(tx, ACCOUNT, FencingToken.of(5), 1))
          .isEqualTo(Admission.APPLIED_BEFORE);
      assertThat(GUARD.admitOnce(tx, ACCOUNT, FencingToken.of(5), 2)).isEqualTo(Admission.APPLY);
      tx.commit();
    }
    assertThat(applyOnce(5, 2)).isEqualTo(Admission.APPLIED_BEFORE);
  }

  @Test
  void keepsTheNumbersOfResourcesApart() throws SQLException {
    applyOnce(5, 9);
    assertThat(applyOnce(ACCOUNT.toUpperCase(), 5, 1)).isEqualTo(Admission.APPLY);
  }

  @Test
  void takesTheGreatestNumber() throws SQLException {
    assertThat(applyOnce(5, Long.MAX_VALUE)).isEqualTo(Admission.APPLY);
    assertThat(applyOnce(5, Long.MAX_VALUE)).isEqualTo(Admission.APPLIED_BEFORE);
  }

  @Test
  void refusesANumberThatIsNotPositive() throws SQLException {
    try (Connection tx = database.begin()) {
      for (long sequence : new long[] {0, -1, Long.MIN_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> GUARD.admitOnce(tx, ACCOUNT, FencingToken.of(1), sequence))
            .withMessage("a sequence is greater than 0, but this one is " + sequence);
      }
    }
  }

  private void seal(long token) throws SQLException {
    try (Connection tx = database.begin()) {
      GUARD.seal(tx, ACCOUNT, FencingToken.of(token));
      tx.commit();
    }
  }
}
