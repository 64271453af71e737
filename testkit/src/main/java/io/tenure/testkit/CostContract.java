package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Lease;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What coordination costs the store, by the store's own count and by the calls that were made. */
abstract class CostContract extends ContractGroup {
  private static final int WAITERS = 50;
  private static final int LOCKS = 1_000;

  CostContract(BackendContract contract) {
    super(contract);
  }

  /** A client whose session is open and that has used the name before. */
  private Member settled(String candidate) throws InterruptedException {
    Member member = clients.join(candidate);
    member.lock("x").acquire().close();
    return member;
  }

  private static Map<StoreCall, Long> calls(Member member) {
    Map<StoreCall, Long> calls = new EnumMap<>(StoreCall.class);
    for (StoreCall call : StoreCall.values()) {
      if (call != StoreCall.HEARTBEAT) {
        calls.put(call, member.faults().calls(call));
      }
    }
    return calls;
  }

  @Test
  void anUncontendedAcquireIsOneCallAndOneWriteAndSoIsItsRelease() throws InterruptedException {
    Member a = settled("a");
    long writes = fixture.writes();
    Map<StoreCall, Long> calls = calls(a);
    Lease lease = a.lock("x").acquire();

    assertThat(fixture.writes() - writes).isOne();
    calls.merge(StoreCall.ENQUEUE, 1L, Long::sum);
    assertThat(calls(a)).isEqualTo(calls);

    lease.close();
    assertThat(fixture.writes() - writes).isEqualTo(2);
    calls.merge(StoreCall.REMOVE, 1L, Long::sum);
    assertThat(calls(a)).isEqualTo(calls);
  }

  @Test
  void waitingWritesNothingBeyondTheWaitersEntry() throws InterruptedException {
    Member b = clients.joinShortLived("b");
    b.lock("x").acquire().close();
    Member a = settled("a");
    a.lock("x").acquire();
    long writes = fixture.writes();
    b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    eventually(() -> assertThat(b.faults().openWatches()).isEqualTo(2));
    long beats = b.faults().calls(StoreCall.HEARTBEAT);
    long enqueues = b.faults().calls(StoreCall.ENQUEUE);
    eventually(() -> assertThat(b.faults().calls(StoreCall.HEARTBEAT)).isGreaterThan(beats + 3));

    assertThat(fixture.writes() - writes).isOne();
    assertThat(b.faults().calls(StoreCall.ENQUEUE)).isEqualTo(enqueues);
    assertThat(b.faults().calls(StoreCall.READ)).isZero();
  }

  @Test
  void heartbeatsWriteNothing() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    long writes = fixture.writes();
    long beats = a.faults().calls(StoreCall.HEARTBEAT);
    eventually(() -> assertThat(a.faults().calls(StoreCall.HEARTBEAT)).isGreaterThan(beats + 5));

    assertThat(fixture.writes()).isEqualTo(writes);
    assertThat(lease.isHeld()).isTrue();
  }

  @Test
  void aHandoverToTheOnlyWaiterTakesNoFurtherCall() throws InterruptedException {
    Member b = settled("b");
    Lease first = settled("a").lock("x").acquire();
    CompletableFuture<Lease> second = b.lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    eventually(() -> assertThat(b.faults().openWatches()).isEqualTo(2));
    Map<StoreCall, Long> calls = calls(b);
    long writes = fixture.writes();
    first.close();
    answer(second);

    assertThat(calls(b)).isEqualTo(calls);
    assertThat(fixture.writes() - writes).isOne();
  }

  @Test
  void aTryOnAHeldLockWritesItsEntryAndTakesItBack() throws InterruptedException {
    Member b = settled("b");
    settled("a").lock("x").acquire();
    long writes = fixture.writes();
    assertThat(b.lock("x").tryAcquire()).isEmpty();
    awaitEntries(lockQueue("x"), 1);

    assertThat(fixture.writes() - writes).isEqualTo(2);
    assertThat(b.faults().calls(StoreCall.AWAIT_DEPARTURE)).isZero();
  }

  @Test
  void oneReleaseWakesOneOfFiftyWaiters() throws InterruptedException {
    Lease holder = clients.join("holder").lock("x").acquire();
    List<Member> waiters = new ArrayList<>();
    List<CompletableFuture<Lease>> waiting = new ArrayList<>();
    for (int i = 1; i <= WAITERS; i++) {
      Member waiter = clients.join("w" + i);
      waiters.add(waiter);
      waiting.add(waiter.lock("x").acquireAsync());
      awaitEntries(lockQueue("x"), i + 1);
    }
    waiters.forEach(
        waiter -> eventually(() -> assertThat(waiter.faults().openWatches()).isEqualTo(2)));
    assertThat(wakeUps(waiters)).isZero();
    for (int i = 0; i < WAITERS; i++) {
      holder.close();
      holder = answer(waiting.get(i));
      assertThat(wakeUps(waiters)).isEqualTo(i + 1);
    }
  }

  private static long wakeUps(List<Member> members) {
    return members.stream().mapToLong(member -> member.faults().wakeUps()).sum();
  }

  @Test
  void aThousandLocksTakeOneSessionAndNoMoreThreadsThanOne() throws InterruptedException {
    Member a = clients.join("a");
    a.lock("first").acquire();
    long threads = threadsOf("a");
    List<CompletableFuture<Lease>> acquiring = new ArrayList<>();
    for (int i = 0; i < LOCKS; i++) {
      acquiring.add(a.lock("x" + i).acquireAsync());
    }
    List<Lease> held = acquiring.stream().map(Eventually::answer).toList();

    assertThat(held).allMatch(Lease::isHeld);
    assertThat(a.client().health().held()).isEqualTo(LOCKS + 1);
    assertThat(sessions()).isOne();
    assertThat(a.faults().calls(StoreCall.OPEN_SESSION)).isOne();
    // The four callback threads come when there are callbacks, and go when there are none.
    assertThat(threadsOf("a")).isLessThanOrEqualTo(threads + 4);
  }

  private static long threadsOf(String candidate) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tenure-" + candidate + "-"))
        .count();
  }

  @Test
  void aClientThatOnlyReadsOpensNoSession() throws InterruptedException {
    Member a = clients.join("a");
    a.lock("x").holder();
    a.election("e").queue();
    a.cells().get("k");
    assertThat(a.faults().calls(StoreCall.OPEN_SESSION)).isZero();
    assertThat(a.faults().calls(StoreCall.HEARTBEAT)).isZero();
  }
}
