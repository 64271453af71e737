package io.tenure.fencing;

import static io.tenure.fencing.FencedDatabase.GUARD;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random interleavings of transactions, each on a resource of its own, against the model. */
abstract class ModelGroup extends DatabaseGroup {
  private static final int SCHEDULES = 700;
  private static final int DELIVERIES = 5;

  ModelGroup(JdbcFencingContract contract) {
    super(contract);
  }

  private record OnConnection(Connection tx, String resource) implements FencingSchedule.Guard {
    @Override
    public Optional<Admission> deliver(FencingSchedule.Request request, Runnable write)
        throws SQLException {
      try {
        Admission admission = admit(request);
        if (admission == Admission.APPLY) {
          write.run();
        }
        if (request.crashes()) {
          tx.rollback();
        } else {
          tx.commit();
        }
        return Optional.of(admission);
      } catch (StaleTokenException e) {
        tx.rollback();
        return Optional.empty();
      }
    }

    private Admission admit(FencingSchedule.Request request) throws SQLException {
      if (request.sequence() > 0) {
        return GUARD.admitOnce(tx, resource, request.token(), request.sequence());
      }
      GUARD.admit(tx, resource, request.token());
      return Admission.APPLY;
    }

    @Override
    public boolean forgetsCrashed() {
      return true;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.tenure.fencing.InMemoryFencingGuardModelTest#seeds")
  void admitsAndRefusesWhatTheModelDoes(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    int refused = 0;
    int repeated = 0;
    try (Connection tx = database.begin()) {
      for (int i = 0; i < SCHEDULES; i++) {
        FencingSchedule schedule =
            new FencingSchedule(seeds.nextLong(), new OnConnection(tx, "resource-" + i));
        schedule.run(DELIVERIES);
        refused += schedule.refused;
        repeated += schedule.repeated;
      }
    }
    assertThat(refused).isGreaterThan(SCHEDULES / 10);
    assertThat(repeated).isGreaterThan(SCHEDULES / 10);
  }
}
