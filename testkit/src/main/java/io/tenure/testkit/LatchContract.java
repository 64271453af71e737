package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.ClientClosedException;
import io.tenure.LeaderLatch;
import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A standing candidacy: one leader, the rest on standby, and nobody fails back. */
abstract class LatchContract extends ContractGroup {
  LatchContract(BackendContract contract) {
    super(contract);
  }

  private LeaderLatch standby(Member member, int expectedEntries) {
    LeaderLatch latch = member.latch("e").start();
    awaitEntries(electionQueue("e"), expectedEntries);
    return latch;
  }

  @Test
  void ofThreeCandidatesOneLeads() throws InterruptedException {
    LeaderLatch a = clients.join("a").latch("e").start();
    Lease turn = a.await();
    LeaderLatch b = standby(clients.join("b"), 2);
    LeaderLatch c = standby(clients.join("c"), 3);

    throughout(
        aWhile(),
        () -> assertThat(List.of(a, b, c)).filteredOn(LeaderLatch::isLeader).containsExactly(a));
    assertThat(a.lease()).contains(turn);
    assertThat(b.await(Duration.ofMillis(20))).isEmpty();
    assertThat(turn.name()).isEqualTo("e");
  }

  @Test
  void aStandbyTakesOverWhenTheLeaderIsClosed() throws InterruptedException {
    LeaderLatch a = clients.join("a").latch("e").start();
    Lease first = a.await();
    LeaderLatch b = standby(clients.join("b"), 2);
    a.close();

    Lease second = b.await();
    assertThat(second.isHeld()).isTrue();
    assertThat(second.token().isNewerThan(first.token())).isTrue();
    assertThat(first.isHeld()).isFalse();
    assertThat(a.isLeader()).isFalse();
  }

  @Test
  void aStandbyTakesOverWhenTheLeaderIsCutOffAndTheOldLeaderComesBackAsAStandby()
      throws InterruptedException {
    Member a = clients.joinShortLived("a");
    LeaderLatch old = a.latch("e").start();
    Turns turns = new Turns();
    old.addListener(turns);
    Lease first = old.await();
    LeaderLatch successor = standby(clients.join("b"), 2);
    a.cutOff();
    Lease second = successor.await();
    assertThat(first.isHeld()).isFalse();
    a.heal();

    awaitEntries(electionQueue("e"), 2);
    throughout(aWhile(), () -> assertThat(old.isLeader()).isFalse());
    assertThat(second.isHeld()).isTrue();
    assertThat(turns.told().all())
        .containsExactly("elected " + first.token(), "lost " + first.token() + " EXPIRED");
    successor.close();
    assertThat(old.await().token().isNewerThan(second.token())).isTrue();
  }

  @Test
  void aCandidateThatLostIsLeaderAgainByItselfIfNobodyElseWantsToBe() throws InterruptedException {
    Member a = clients.joinAttentive("a");
    LeaderLatch latch = a.latch("e").start();
    Turns turns = new Turns();
    latch.addListener(turns);
    Lease first = latch.await();
    fixture.expireSession(a.session());

    turns.told().await("lost", told -> told.startsWith("lost"));
    Lease second = latch.await();
    assertThat(second.token().isNewerThan(first.token())).isTrue();
    turns.told().await("the second election", ("elected " + second.token())::equals);
    assertThat(turns.told().all())
        .containsExactly(
            "elected " + first.token(),
            "lost " + first.token() + " SESSION_LOST",
            "elected " + second.token());
  }

  @Test
  void resigningHandsOverAndEntersAgainAtTheEnd() throws InterruptedException {
    Member a = clients.join("a");
    LeaderLatch first = a.latch("e").start();
    Lease turn = first.await();
    Turns turns = new Turns();
    first.addListener(turns);
    LeaderLatch second = standby(clients.join("b"), 2);
    LeaderLatch third = standby(clients.join("c"), 3);
    first.resign();

    assertThat(turn.isHeld()).isFalse();
    assertThat(second.await().isHeld()).isTrue();
    eventually(() -> assertThat(ids(a.election("e").queue())).containsExactly("b", "c", "a"));
    assertThat(third.isLeader()).isFalse();
    turns.told().await("the release", told -> told.startsWith("released"));
    assertThat(turns.told().all())
        .containsExactly(
            "elected " + turn.token(), "resigning " + turn.token(), "released " + turn.token());
  }

  @Test
  void resigningWhileNotLeadingDoesNothing() throws InterruptedException {
    clients.join("a").latch("e").start().await();
    Member b = clients.join("b");
    LeaderLatch standby = standby(b, 2);
    String place = entries(electionQueue("e")).get(1).id();
    standby.resign();
    answer(standby.resignAsync());

    assertThat(entries(electionQueue("e")).get(1).id()).isEqualTo(place);
  }

  @Test
  void theEntryIsRemovedOnlyAfterEveryListenerHasReturnedFromResigning()
      throws InterruptedException {
    LeaderLatch a = clients.join("a").latch("e").start();
    Lease turn = a.await();
    CountDownLatch drained = new CountDownLatch(1);
    CompletableFuture<Boolean> heldWhileResigning = new CompletableFuture<>();
    a.addListener(
        new LeadershipListener() {
          @Override
          public void resigning(Lease lease) {
            heldWhileResigning.complete(lease.isHeld());
            awaitQuietly(drained);
          }
        });
    LeaderLatch b = standby(clients.join("b"), 2);
    CompletableFuture<Void> resigned = a.resignAsync();

    assertThat(answer(heldWhileResigning)).isTrue();
    throughout(
        aWhile(),
        () -> {
          assertThat(b.isLeader()).isFalse();
          assertThat(turn.isHeld()).isTrue();
        });
    drained.countDown();
    answer(resigned);
    assertThat(b.await().isHeld()).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aListenerThatIsAddedWhileLeadingIsToldSoFirst() throws InterruptedException {
    LeaderLatch latch = clients.join("a").latch("e").start();
    Lease turn = latch.await();
    Turns turns = new Turns();
    latch.addListener(turns);
    turns.told().await("the present turn", ("elected " + turn.token())::equals);
  }

  @Test
  void noListenerIsCalledAfterCloseHasReturned() throws InterruptedException {
    LeaderLatch latch = clients.join("a").latch("e").start();
    Turns turns = new Turns();
    latch.addListener(turns);
    Lease turn = latch.await();
    latch.close();

    List<String> told = turns.told().all();
    assertThat(told)
        .containsExactly(
            "elected " + turn.token(), "resigning " + turn.token(), "released " + turn.token());
    throughout(aWhile(), () -> assertThat(turns.told().all()).isEqualTo(told));
  }

  @Test
  void aListenerThatWasRemovedIsNotToldOfLaterTurns() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    LeaderLatch latch = a.latch("e").start();
    Lease first = latch.await();
    Turns removed = new Turns();
    Turns staying = new Turns();
    Subscription subscription = latch.addListener(removed);
    latch.addListener(staying);
    removed.told().await("its turn", ("elected " + first.token())::equals);
    subscription.close();
    subscription.close();
    revoke(electionQueue("e"));

    staying.told().await("the loss", told -> told.startsWith("lost"));
    assertThat(removed.told().all()).containsExactly("elected " + first.token());
  }

  @Test
  void closingAStandbyLeavesTheQueueAndFailsThoseWhoAwaitedIt() throws InterruptedException {
    clients.join("a").latch("e").start().await();
    LeaderLatch standby = standby(clients.join("b"), 2);
    CompletableFuture<Lease> awaiting = standby.awaitAsync();
    standby.close();
    standby.close();

    assertThat(failure(awaiting)).isInstanceOf(ClientClosedException.class);
    awaitEntries(electionQueue("e"), 1);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(standby::start);
    assertThatExceptionOfType(ClientClosedException.class).isThrownBy(standby::await);
  }

  @Test
  void givingUpTheWaitingDoesNotEndTheCandidacy() throws InterruptedException {
    Lease first = clients.join("a").latch("e").start().await();
    LeaderLatch standby = standby(clients.join("b"), 2);
    standby.awaitAsync().cancel(true);
    Caller<Lease> interrupted = Caller.start(standby::await);
    interrupted.interrupt();
    assertThat(failure(interrupted.result())).isInstanceOf(InterruptedException.class);

    first.close();
    assertThat(standby.await().isHeld()).isTrue();
  }

  @Test
  void awaitingALatchThatWasNotStartedIsAMistake() {
    LeaderLatch latch = clients.join("a").latch("e");
    assertThatIllegalStateException().isThrownBy(latch::await);
    assertThatIllegalStateException().isThrownBy(latch::awaitAsync);
  }

  @Test
  void startingTwiceEntersOnce() throws InterruptedException {
    LeaderLatch latch = clients.join("a").latch("e").start().start();
    latch.await();
    latch.start();
    throughout(aWhile(), () -> assertThat(entries(electionQueue("e"))).hasSize(1));
  }

  @Test
  void closingTheClientDrainsAndReleasesItsLatches() throws InterruptedException {
    Member a = clients.join("a");
    LeaderLatch latch = a.latch("e").start();
    Lease turn = latch.await();
    Turns turns = new Turns();
    latch.addListener(turns);
    LeaderLatch next = standby(clients.join("b"), 2);
    a.client().close();

    assertThat(turns.told().all())
        .containsExactly(
            "elected " + turn.token(), "resigning " + turn.token(), "released " + turn.token());
    assertThat(next.await().isHeld()).isTrue();
  }

  @Test
  void twoLatchesOfOneClientLeadOneAfterTheOther() throws InterruptedException {
    Member a = clients.join("a");
    LeaderLatch first = a.latch("e").start();
    first.await();
    LeaderLatch second = a.latch("e").start();
    throughout(aWhile(), () -> assertThat(second.isLeader()).isFalse());

    first.close();
    assertThat(second.await().isHeld()).isTrue();
  }

  @Test
  void aLeaderWhoseEntryIsDeletedIsToldAndStandsAgain() throws InterruptedException {
    LeaderLatch latch = clients.joinShortLived("a").latch("e").start();
    Lease turn = latch.await();
    revoke(electionQueue("e"));

    assertThat(answer(turn.lost())).isEqualTo(LossReason.REVOKED);
    eventually(() -> assertThat(latch.lease()).isPresent());
    assertThat(latch.await().token().isNewerThan(turn.token())).isTrue();
  }
}
