package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A verifier of claims that keeps its marks in the database. */
abstract class ClaimMarksGroup extends DatabaseGroup {
  ClaimMarksGroup(JdbcFencingContract contract) {
    super(contract);
  }

  @Test
  void marksOutliveTheVerifierAndAreSharedWithOtherGuards() throws SQLException {
    admit(2, 1).close();
    assertThat(database.mark(ACCOUNT)).contains(FencingToken.of(2));
    assertRefused(ClaimRefusedException.Reason.STALE, 1, 1);
    assertRefused(ClaimRefusedException.Reason.REPEATED, 2, 1);
    database.commitAdmitted(ACCOUNT, 3);
    assertRefused(ClaimRefusedException.Reason.STALE, 2, 2);
    admit(3, 1).close();
  }

  @Test
  void aClaimThatCannotBeJudgedIsRefusedAndLetInLater() throws SQLException {
    FencingVerifier verifier = verifier();
    try (Connection connection = database.connect()) {
      FencedDatabase.execute(connection, "DROP TABLE tenure_fence");
      assertThatExceptionOfType(ClaimRefusedException.class)
          .isThrownBy(() -> verifier.admit(ACCOUNT, claim(1, 1)))
          .withCauseInstanceOf(SQLException.class)
          .extracting(ClaimRefusedException::reason)
          .isEqualTo(ClaimRefusedException.Reason.UNCHECKED);
      FencedDatabase.GUARD.createTable(connection);
    }
    verifier.admit(ACCOUNT, claim(1, 1)).close();
  }

  private void assertRefused(ClaimRefusedException.Reason reason, long token, long sequence) {
    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(() -> admit(token, sequence))
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(reason);
  }

  /* A verifier of its own each time, which has seen nothing. */
  private FencingVerifier.Passage admit(long token, long sequence) {
    return verifier().admit(ACCOUNT, claim(token, sequence));
  }

  private FencingVerifier verifier() {
    return FencingVerifier.builder()
        .marksIn(
            ClaimMarks.inDatabase(
                FencedDatabase.GUARD, new DriverManagerDataSource(database.url())))
        .build();
  }

  static FencingClaim claim(long token, long sequence) {
    return new FencingClaim(ACCOUNT, "a", FencingToken.of(token), OptionalLong.of(sequence));
  }
}
