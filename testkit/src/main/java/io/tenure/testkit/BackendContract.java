package io.tenure.testkit;

import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import io.tenure.testkit.server.Stores;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What every backend keeps, whatever the store: extend this class, give it the store, and run it.
 *
 * <pre>{@code
 * class InMemoryContractTest extends BackendContract {
 *   @Override
 *   protected BackendFixture newFixture() {
 *     return new InMemoryFixture();
 *   }
 * }
 * }</pre>
 *
 * <p>The groups below run the real core on the real store; nothing is mocked and nothing is
 * skipped. Where a store cannot do something, its fixture declares that as a fact and the test
 * asserts the fact. After each test, whatever became of it, the clients are closed and no key,
 * session, watch or thread may be left.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {
  private BackendFixture fixture;
  private Traits traits;
  private StoreConnection probe;

  /** For subclasses. */
  protected BackendContract() {}

  /**
   * Starts the store, once for all tests of the class.
   *
   * @return the running store
   */
  protected abstract BackendFixture newFixture();

  @BeforeAll
  final void startStore() {
    fixture = newFixture();
    Stores.tested(fixture.store());
    Backend backend = fixture.newBackend();
    traits = backend.traits();
    Duration ttl = traits.defaultTtl();
    probe =
        backend.open(
            new ClientSpec("probe", ttl, ttl.dividedBy(4), ttl.dividedBy(10), Eventually.BOUND));
    // Connects now if it ever does, so that no test counts that.
    Eventually.answer(probe.read(new QueueName("contract/probe"), Detail.NAMES));
  }

  @AfterAll
  final void stopStore() {
    probe.close();
    fixture.close();
  }

  final BackendFixture fixture() {
    return fixture;
  }

  final Traits traits() {
    return traits;
  }

  /** A connection that serves no client: the eyes of somebody who takes no part. */
  final StoreConnection probe() {
    return probe;
  }

  @Nested
  class SessionsAndEntries extends StoreContract {
    SessionsAndEntries() {
      super(BackendContract.this);
    }
  }

  @Nested
  class AtomicWrites extends WriteContract {
    AtomicWrites() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Locks extends LockContract {
    Locks() {
      super(BackendContract.this);
    }
  }

  @Nested
  class GivingUp extends CancelContract {
    GivingUp() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Losing extends LossContract {
    Losing() {
      super(BackendContract.this);
    }
  }

  @Nested
  class AtMost extends AtMostContract {
    AtMost() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Latches extends LatchContract {
    Latches() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Tasks extends TaskContract {
    Tasks() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Observing extends ObserveContract {
    Observing() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Faults extends FaultContract {
    Faults() {
      super(BackendContract.this);
    }
  }

  @Nested
  class VersionedCells extends CellContract {
    VersionedCells() {
      super(BackendContract.this);
    }
  }

  @Nested
  class SeveralCells extends WriteAllContract {
    SeveralCells() {
      super(BackendContract.this);
    }
  }

  @Nested
  class NamesAndValues extends NameContract {
    NamesAndValues() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Tokens extends TokenContract {
    Tokens() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Generations extends GenerationContract {
    Generations() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Costs extends CostContract {
    Costs() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Callbacks extends ExecutorContract {
    Callbacks() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Hygiene extends HygieneContract {
    Hygiene() {
      super(BackendContract.this);
    }
  }

  @Nested
  class Regressions extends RegressionContract {
    Regressions() {
      super(BackendContract.this);
    }
  }
}
