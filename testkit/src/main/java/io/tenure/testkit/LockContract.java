package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.Candidate;
import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.LeaseLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One holder at a time, in the order of arrival, and a release that frees one's own hold only. */
abstract class LockContract extends ContractGroup {
  LockContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void aFreeLockIsGrantedAndHeld() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();

    assertThat(lease.name()).isEqualTo("x");
    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.remaining()).isPositive();
    assertThat(lease.ensureHeld(Duration.ofMillis(1))).isSameAs(lease);
    assertThat(lease.token().value()).isPositive();
  }

  @Test
  void aSecondClientWaitsUntilTheFirstHasReleased() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);

    throughout(aWhile(), () -> assertThat(second).isNotDone());
    first.close();
    assertThat(answer(second).isHeld()).isTrue();
    assertThat(first.isHeld()).isFalse();
  }

  @Test
  void neverDoTwoClientsHoldOneLockAndTokensGrowInTheOrderOfHolding() {
    AtomicInteger inside = new AtomicInteger();
    List<FencingToken> tokens = new ArrayList<>(); // Guarded by the lock that is tested.
    AtomicInteger number = new AtomicInteger();
    inParallel(
        6,
        () -> {
          Member member = clients.join("m" + number.incrementAndGet());
          for (int round = 0; round < 15; round++) {
            try (Lease lease = member.lock("x").acquire()) {
              assertThat(inside.incrementAndGet()).isOne();
              tokens.add(lease.token());
              assertThat(inside.decrementAndGet()).isZero();
            }
          }
          return member;
        });

    assertThat(tokens).hasSize(90).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void waitersAreServedInTheOrderOfTheirArrival() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    ConcurrentLinkedQueue<Integer> served = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      int place = i;
      waiting.add(
          clients
              .join("m" + i)
              .lock("x")
              .acquireAsync()
              .thenAccept(
                  lease -> {
                    served.add(place);
                    lease.releaseAsync();
                  }));
      awaitEntries(lockQueue("x"), i + 1);
    }

    first.close();
    waiting.forEach(Eventually::answer);
    assertThat(served).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void callersOfOneClientAreServedInTheirOrderAndHaveOneEntryInTheStore()
      throws InterruptedException {
    Member a = clients.join("a");
    Lease first = a.lock("x").acquire();
    ConcurrentLinkedQueue<Integer> served = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Lease>> waiting = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      int place = i;
      // Whoever waits for the outcome waits for the note as well.
      waiting.add(
          a.lock("x")
              .acquireAsync()
              .thenApply(
                  lease -> {
                    served.add(place);
                    return lease;
                  }));
    }

    throughout(aWhile(), () -> assertThat(entries(lockQueue("x"))).hasSize(1));
    first.close();
    for (CompletableFuture<Lease> next : waiting) {
      answer(next).close();
    }
    assertThat(served).containsExactly(1, 2, 3);
  }

  @Test
  void oneTryOnAHeldLockIsAnsweredAtOnceAndLeavesNoEntry() throws InterruptedException {
    Lease held = clients.join("a").lock("x").acquire();
    Member b = clients.join("b");

    assertThat(b.lock("x").tryAcquire()).isEmpty();
    assertThat(answer(b.lock("x").tryAcquireAsync())).isEmpty();
    assertThat(b.lock("x").tryAcquire(Duration.ZERO)).isEmpty();
    awaitEntries(lockQueue("x"), 1);
    assertThat(held.isHeld()).isTrue();
  }

  @Test
  void oneTryOnAFreeLockHoldsIt() throws InterruptedException {
    Member a = clients.join("a");
    assertThat(a.lock("x").tryAcquire()).get().matches(Lease::isHeld);
    assertThat(answer(a.lock("y").tryAcquireAsync())).get().matches(Lease::isHeld);
    assertThat(a.lock("z").tryAcquire(Duration.ofSeconds(9))).get().matches(Lease::isHeld);
  }

  @Test
  void aHolderIsNotGrantedItsOwnLockASecondTime() throws InterruptedException {
    Member a = clients.join("a");
    Lease held = a.lock("x").acquire();

    assertThat(a.lock("x").tryAcquire()).isEmpty();
    assertThat(a.lock("x").tryAcquire(Duration.ofMillis(50))).isEmpty();
    assertThat(held.isHeld()).isTrue();
  }

  @Test
  void aTimedWaitIsGrantedWhenTheHolderReleasesInTime() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    CompletableFuture<Optional<Lease>> second =
        clients.join("b").lock("x").tryAcquireAsync(Eventually.BOUND);
    awaitEntries(lockQueue("x"), 2);

    first.close();
    assertThat(answer(second)).get().matches(Lease::isHeld);
  }

  @Test
  void differentNamesElectionsAndNamespacesDoNotMeet() throws InterruptedException {
    Member a = clients.join("a");
    Member elsewhere = clients.join("b", settings -> settings.namespace(namespace + "/inner"));

    Lease x = a.lock("x").acquire();
    Lease y = a.lock("y").acquire();
    Lease leading = a.latch("x").start().await();
    Lease inner = elsewhere.lock("x").tryAcquire().orElseThrow();
    assertThat(List.of(x, y, leading, inner)).allMatch(Lease::isHeld);
  }

  @Test
  void aReleasedLeaseIsNotHeldAndItsLossIsNeverTold() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    answer(lease.releaseAsync());

    assertThat(lease.isHeld()).isFalse();
    assertThat(lease.remaining()).isZero();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensureHeld(Duration.ZERO))
        .withMessageContaining("released");
    assertThat(entries(lockQueue("x"))).isEmpty();
    a.close();
    throughout(aWhile(), () -> assertThat(lease.lost().toCompletableFuture()).isNotDone());
  }

  @Test
  void closingALeaseTwiceOrAfterItsClientDoesNothingMore() throws InterruptedException {
    Member a = clients.join("a");
    Lease first = a.lock("x").acquire();
    first.close();
    Lease second = a.lock("x").acquire();
    first.close();
    answer(first.releaseAsync());

    assertThat(second.isHeld()).isTrue();
    a.close();
    second.close();
    first.close();
  }

  @Test
  void aLateCloseOfALostLeaseLeavesTheNextHolderAlone() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lost = a.lock("x").acquire();
    a.cutOff();
    Lease next = clients.join("b").lock("x").acquire();
    a.heal();
    lost.close();
    answer(lost.releaseAsync());

    throughout(aWhile(), () -> assertThat(next.isHeld()).isTrue());
    assertThat(entries(lockQueue("x"))).hasSize(1);
    assertThat(clients.join("c").lock("x").tryAcquire()).isEmpty();
  }

  @Test
  void theHolderCanBeReadByAnyone() throws InterruptedException {
    Member a = clients.join("a", settings -> settings.metadata(Map.of("zone", "é/1")));
    Member b = clients.join("b");
    assertThat(b.lock("x").holder()).isEmpty();

    Lease lease = a.lock("x").acquire();
    Candidate holder = b.lock("x").holder().orElseThrow();
    assertThat(holder.id()).isEqualTo("a");
    assertThat(holder.metadata()).containsExactly(Map.entry("zone", "é/1"));
    assertThat(holder.token()).isEqualTo(lease.token());
    assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
    lease.close();
    eventually(() -> assertThat(b.lock("x").holder()).isEmpty());
  }

  @Test
  void aLeaseThatDoesNotLastLongEnoughIsRefusedWhereItMust() throws InterruptedException {
    Lease lease = clients.join("a").lock("x").acquire();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> lease.ensureHeld(Duration.ofDays(1)))
        .satisfies(
            e -> {
              assertThat(e.name()).isEqualTo("x");
              assertThat(e.token()).isEqualTo(lease.token());
              assertThat(e.reason()).isEmpty();
            });
    assertThat(lease.isHeld()).isTrue();
  }

  @Test
  void aLeaseIsHeldThroughManyTimesToLive() throws InterruptedException {
    Lease lease = clients.joinShortLived("a").lock("x").acquire();
    throughout(
        fixture.ttl().multipliedBy(3).dividedBy(2), () -> assertThat(lease.isHeld()).isTrue());
  }
}
