package io.tenure.fencing;

import java.sql.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** What the guards for SQL databases keep on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JdbcFencingContract {
  private DatabaseServer server;

  /** Starts the database, once for all tests of the class. */
  abstract DatabaseServer startServer() throws Exception;

  @BeforeAll
  final void start() throws Exception {
    server = startServer();
  }

  @AfterAll
  final void stop() throws Exception {
    server.close();
  }

  final DatabaseServer server() {
    return server;
  }

  @Nested
  class Admitting extends AdmittingGroup {
    Admitting() {
      super(JdbcFencingContract.this, Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @Nested
  class AdmittingAtSerializable extends AdmittingGroup {
    AdmittingAtSerializable() {
      super(JdbcFencingContract.this, Connection.TRANSACTION_SERIALIZABLE);
    }
  }

  @Nested
  class AtMostOnce extends OnceGroup {
    AtMostOnce() {
      super(JdbcFencingContract.this, Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @Nested
  class AtMostOnceAtSerializable extends OnceGroup {
    AtMostOnceAtSerializable() {
      super(JdbcFencingContract.this, Connection.TRANSACTION_SERIALIZABLE);
    }
  }

  @Nested
  class TwoAtATime extends ConcurrencyGroup {
    TwoAtATime() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class Races extends RaceGroup {
    Races() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class RacesForAPool extends PooledRaceGroup {
    RacesForAPool() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class Pool extends PoolGroup {
    Pool() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class SpringTransactions extends SpringGroup {
    SpringTransactions() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class OwnColumn extends FenceColumnGroup {
    OwnColumn() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class Model extends ModelGroup {
    Model() {
      super(JdbcFencingContract.this);
    }
  }

  @Nested
  class MarksOfClaims extends ClaimMarksGroup {
    MarksOfClaims() {
      super(JdbcFencingContract.this);
    }
  }
}
