package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Entry;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeparturesTest extends StoreTest {
  /**
   * The server knows of a watch before the client does. Answers come in order, so that the
   * heartbeat's shows that the watch's is here: from now on the end of the connection or of the
   * session is not the failure of a request.
   */
  private void awaitWatchOf(StoreSession waiter) throws Exception {
    Await.until("watched", () -> server.watches() == 1);
    Await.get(waiter.heartbeat());
  }

  @Test
  void anEntryThatIsRemovedDeparts() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    Wait wait = session().awaitDeparture(entry, 0);
    Await.until("watched", () -> server.watches() == 1);
    assertThat(wait.departed().toCompletableFuture()).isNotDone();

    Await.get(owner.remove(entry));

    Await.get(wait.departed());
    assertThat(server.watches()).isZero();
  }

  @Test
  void anEntryThatIsGoneAlreadyHasDepartedAndLeavesNoWatch() throws Exception {
    StoreSession session = session();
    Entry entry = enqueue(session, "gone").self();
    Await.get(session.remove(entry));

    Await.get(session.awaitDeparture(entry, 0).departed());

    assertThat(server.watches()).isZero();
  }

  @Test
  void aNewPayloadIsNoDeparture() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "before").self();
    Wait wait = session().awaitDeparture(entry, 0);
    Await.until("watched", () -> server.watches() == 1);

    Await.get(owner.update(entry, bytes("after")));

    Await.until("watched again", () -> server.watches() == 1);
    assertThat(wait.departed().toCompletableFuture()).isNotDone();
    Await.get(owner.remove(entry));
    Await.get(wait.departed());
  }

  @Test
  void anEntryDepartsWithItsSession() throws Exception {
    StoreSession owner = session();
    Wait wait = session().awaitDeparture(enqueue(owner, "owner").self(), 0);
    Await.until("watched", () -> server.watches() == 1);

    server.expire(sessionId(owner));

    Await.get(wait.departed());
  }

  @Test
  void cancellingLeavesNoWatchAndNoAnswer() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    StoreSession waiter = session();
    Wait wait = waiter.awaitDeparture(entry, 0);
    Await.until("watched", () -> server.watches() == 1);

    wait.cancel();
    wait.cancel();

    Await.until("unwatched", () -> server.watches() == 0);
    Await.get(owner.remove(entry));
    Await.get(waiter.heartbeat());
    assertThat(wait.departed().toCompletableFuture()).isNotDone();
  }

  @Test
  void cancellingAtOnceLeavesNoWatch() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    StoreSession waiter = session();

    waiter.awaitDeparture(entry, 0).cancel();

    Await.get(waiter.heartbeat());
    Await.get(waiter.heartbeat());
    assertThat(server.watches()).isZero();
  }

  @Test
  void oneOfTwoThatWaitMayCancel() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    StoreSession waiter = session();
    Wait stays = waiter.awaitDeparture(entry, 0);
    Wait goes = waiter.awaitDeparture(entry, 0);
    Await.until("watched", () -> server.watches() == 1);

    goes.cancel();
    Await.get(waiter.heartbeat());
    assertThat(server.watches()).isEqualTo(1);
    Await.get(owner.remove(entry));

    Await.get(stays.departed());
    assertThat(goes.departed().toCompletableFuture()).isNotDone();
  }

  @Test
  void waitingAgainAfterCancellingWorks() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    StoreSession waiter = session();
    for (int i = 0; i < 20; i++) {
      waiter.awaitDeparture(entry, 0).cancel();
    }
    Wait wait = waiter.awaitDeparture(entry, 0);
    Await.get(waiter.heartbeat());

    Await.get(owner.remove(entry));

    Await.get(wait.departed());
  }

  @Test
  void twoClientsOfOneFrameworkDoNotTakeEachOthersWatchesOff() throws Exception {
    CuratorFramework shared = curator();
    StoreSession one = Await.get(started(ZooKeeperBackend.builder(shared)).openSession());
    StoreSession two = Await.get(started(ZooKeeperBackend.builder(shared)).openSession());
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    Wait stays = one.awaitDeparture(entry, 0);
    Wait goes = two.awaitDeparture(entry, 0);
    Await.get(two.heartbeat());

    goes.cancel();
    Await.get(two.heartbeat());
    Await.until("watched again", () -> server.watches() == 1);
    Await.get(owner.remove(entry));

    Await.get(stays.departed());
  }

  @Test
  void aDepartureWhileTheConnectionIsBrokenIsNotMissed(@TempDir Path directory) throws Exception {
    startPatientServer(directory);
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession waiter = Await.get(connectPatiently(link.connectString()).openSession());
    StoreSession owner = Await.get(connectPatiently(server.connectString()).openSession());
    Entry entry = enqueue(owner, "owner").self();
    Wait wait = waiter.awaitDeparture(entry, 0);
    awaitWatchOf(waiter);
    // The event of the deletion is held back and lost with the connection.
    link.holdAnswers();
    Await.get(owner.remove(entry));
    link.cut();

    Await.get(wait.departed());
  }

  @Test
  void anExpiredSessionFailsItsWaits() throws Exception {
    Entry entry = enqueue(session(), "owner").self();
    StoreSession waiter = session();
    Wait wait = waiter.awaitDeparture(entry, 0);
    awaitWatchOf(waiter);

    server.expire(sessionId(waiter));

    assertThat(Await.outcome(wait.departed())).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void aClosedSessionFailsItsWaitsAndLeavesNoWatch() throws Exception {
    Entry entry = enqueue(session(), "owner").self();
    StoreSession waiter = session();
    Wait wait = waiter.awaitDeparture(entry, 0);
    Await.until("watched", () -> server.watches() == 1);

    Await.get(waiter.close());

    assertThat(Await.outcome(wait.departed())).isEqualTo(Outcome.SESSION_GONE);
    assertThat(Await.outcome(waiter.awaitDeparture(entry, 0).departed()))
        .isEqualTo(Outcome.SESSION_GONE);
    Await.until("unwatched", () -> server.watches() == 0);
  }

  @Test
  void aThousandWaitsLeaveNothingBehind() throws Exception {
    StoreSession owner = session();
    Entry entry = enqueue(owner, "owner").self();
    StoreSession waiter = session();
    CompletionStage<Void> last = null;
    for (int i = 0; i < 1000; i++) {
      Wait wait = waiter.awaitDeparture(entry, 0);
      if (i % 2 == 0) {
        wait.cancel();
      } else {
        last = wait.departed();
      }
    }
    Await.get(owner.remove(entry));

    Await.get(last);
    Await.get(waiter.heartbeat());
    assertThat(server.watches()).isZero();
  }
}
