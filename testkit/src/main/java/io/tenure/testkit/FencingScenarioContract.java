package io.tenure.testkit;

import io.tenure.testkit.server.ChildProgram;
import io.tenure.testkit.server.Stores;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What fencing is for, told with a real store, real connections and real tokens: late, paused and
 * repeated requests of former leaders. Each story has a twin beside it, in which a resource that
 * checks nothing, or not the right thing, loses data. Extend this class and run it beside {@link
 * BackendContract}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FencingScenarioContract {
  private BackendFixture fixture;

  /** For subclasses. */
  protected FencingScenarioContract() {}

  /**
   * Starts the store, once for all tests of the class.
   *
   * @return the running store
   */
  protected abstract BackendFixture newFixture();

  /**
   * Starts a program that connects to the store and hands its backend and these arguments to {@link
   * LateLeader#main}.
   *
   * @param arguments for the program
   * @return the program; empty as the declaration that the store lives in this process, so that a
   *     thread has to do
   */
  protected abstract Optional<ChildProgram> startLeader(List<String> arguments);

  /**
   * Keeps everything that a client sends from now on on its way to the store.
   *
   * @param client the client, connected by a cable of {@link BackendFixture#newLink()}
   * @return lets it arrive
   */
  protected Runnable delay(Member client) {
    client.cutOff();
    return client::heal;
  }

  @BeforeAll
  final void startStore() {
    fixture = newFixture();
    Stores.tested(fixture.store());
  }

  @AfterAll
  final void stopStore() {
    fixture.close();
  }

  final BackendFixture fixture() {
    return fixture;
  }

  @Nested
  class LateRequests extends LateRequestStory {
    LateRequests() {
      super(FencingScenarioContract.this);
    }
  }

  @Nested
  class LateWrites extends LateWriteStory {
    LateWrites() {
      super(FencingScenarioContract.this);
    }
  }

  @Nested
  class PausedLeaders extends PausedLeaderStory {
    PausedLeaders() {
      super(FencingScenarioContract.this);
    }
  }

  @Nested
  class RepeatedRequests extends RepeatedRequestStory {
    RepeatedRequests() {
      super(FencingScenarioContract.this);
    }
  }

  @Nested
  class SealBeforeRead extends SealStory {
    SealBeforeRead() {
      super(FencingScenarioContract.this);
    }
  }
}
