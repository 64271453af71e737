package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Candidate;
import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.Subscription;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.StoreSession;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who leads, and who waits behind, as anyone can read and follow it. */
abstract class ObserveContract extends ContractGroup {
  ObserveContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void theLeaderIsShownWithItsMetadataAndToken() throws InterruptedException {
    Member observer = clients.join("o");
    assertThat(observer.election("e").leader()).isEmpty();
    Member a = clients.join("a", settings -> settings.metadata(Map.of("url", "http://a:80/?x=ü")));
    Lease turn = a.latch("e").start().await();

    Candidate leader = observer.election("e").leader().orElseThrow();
    assertThat(leader.id()).isEqualTo("a");
    assertThat(leader.metadata()).containsExactly(Map.entry("url", "http://a:80/?x=ü"));
    assertThat(leader.token()).isEqualTo(turn.token());
    assertThat(answer(observer.election("e").leaderAsync())).contains(leader);
  }

  @Test
  void theHolderOfALockIsShownAndNobodyWhoWaitsForIt() throws InterruptedException {
    Member observer = clients.join("o");
    assertThat(answer(observer.lock("x").holderAsync())).isEmpty();
    Member a = clients.join("a", settings -> settings.metadata(Map.of("url", "http://a:80/?x=ü")));
    Lease held = a.lock("x").acquire();
    CompletableFuture<Lease> waiting = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);

    Candidate holder = answer(observer.lock("x").holderAsync()).orElseThrow();
    assertThat(holder.id()).isEqualTo("a");
    assertThat(holder.metadata()).containsExactly(Map.entry("url", "http://a:80/?x=ü"));
    assertThat(holder.token()).isEqualTo(held.token());
    assertThat(observer.lock("x").holder()).contains(holder);
    assertThat(answer(observer.election("x").leaderAsync())).isEmpty();

    held.close();
    Lease next = answer(waiting);
    holder = answer(observer.lock("x").holderAsync()).orElseThrow();
    assertThat(holder.id()).isEqualTo("b");
    assertThat(holder.token()).isEqualTo(next.token());
  }

  @Test
  void theQueueIsShownInTheOrderOfTheTurnsWithTheTokensThatWillBe() throws InterruptedException {
    Member observer = clients.join("o");
    clients.join("a").latch("e").start().await();
    LeaderLatch b = clients.join("b").latch("e").start();
    awaitEntries(electionQueue("e"), 2);
    clients.join("c").latch("e").start();
    awaitEntries(electionQueue("e"), 3);

    List<Candidate> queue = observer.election("e").queue();
    assertThat(ids(queue)).containsExactly("a", "b", "c");
    assertThat(queue).extracting(Candidate::token).isSorted();
    clients.join("late");
    observer.lock("unrelated").acquire();
    assertThat(answer(observer.election("e").queueAsync())).isEqualTo(queue);
    assertThat(b.isLeader()).isFalse();
  }

  @Test
  void observersFollowTheLeaderFromThePresentOneOn() throws InterruptedException {
    Member observer = clients.join("o");
    LeaderLatch a = clients.join("a").latch("e").start();
    a.await();
    Recorder<Optional<String>> seen = new Recorder<>();
    Subscription subscription =
        observer.election("e").observe(leader -> seen.accept(leader.map(Candidate::id)));
    seen.await("the present leader", Optional.of("a")::equals);
    LeaderLatch b = clients.join("b").latch("e").start();
    awaitEntries(electionQueue("e"), 2);
    a.close();
    seen.await("the next leader", Optional.of("b")::equals);
    b.close();
    seen.await("no leader", Optional.empty()::equals);

    assertThat(seen.all()).containsExactly(Optional.of("a"), Optional.of("b"), Optional.empty());
    subscription.close();
    clients.join("c").latch("e").start().await();
    throughout(aWhile(), () -> assertThat(seen.all()).hasSize(3));
  }

  @Test
  void observersOfTheQueueSeeEveryoneEnterAndLeave() throws InterruptedException {
    Recorder<List<String>> seen = new Recorder<>();
    clients.join("o").election("e").observeQueue(queue -> seen.accept(ids(queue)));
    seen.await("the empty queue", List.of()::equals);
    clients.join("a").latch("e").start().await();
    LeaderLatch b = clients.join("b").latch("e").start();
    seen.await("both", List.of("a", "b")::equals);
    b.close();

    eventually(() -> assertThat(seen.all()).last().isEqualTo(List.of("a")));
  }

  @Test
  void anObservationBeginsAnewAfterADisruption() throws InterruptedException {
    Member observer = clients.join("o");
    Recorder<Optional<String>> seen = new Recorder<>();
    observer.election("e").observe(leader -> seen.accept(leader.map(Candidate::id)));
    seen.await("no leader", Optional.empty()::equals);
    observer.faults().disruptWatches();
    clients.join("a").latch("e").start().await();

    seen.await("the leader", Optional.of("a")::equals);
  }

  @Test
  void anObserverThatThrowsIsCalledAgain() throws InterruptedException {
    Recorder<Optional<String>> seen = new Recorder<>();
    clients
        .join("o")
        .election("e")
        .observe(
            leader -> {
              seen.accept(leader.map(Candidate::id));
              throw new IllegalStateException("planned");
            });
    seen.await("no leader", Optional.empty()::equals);
    clients.join("a").latch("e").start().await();
    seen.await("the leader", Optional.of("a")::equals);
  }

  @Test
  void whatAStrangerPutIntoTheQueueIsNobodyAndBlocksNobody() throws InterruptedException {
    byte[] garbage = {0, -1, 7};
    fixture.plantForeign(electionQueue("e"), "garbage", garbage);
    fixture.plantForeign(electionQueue("e"), "w", new byte[0]);
    Member a = clients.join("a");
    LeaderLatch latch = a.latch("e").start();
    latch.await();
    fixture.plantForeign(electionQueue("e"), "w-0000000000", garbage);

    LeaderLatch b = clients.join("b").latch("e").start();
    eventually(() -> assertThat(ids(a.election("e").queue())).containsExactly("a", "b"));
    latch.close();
    assertThat(b.await().isHeld()).isTrue();
    clients.close();
    fixture.deleteQueue(electionQueue("e"));
  }

  @Test
  void anEntryWithAGarbagePayloadIsACandidateOfWhomNothingIsKnown() throws InterruptedException {
    StoreSession stranger = answer(probe.openSession());
    byte[] garbage = "tenure/1\nid=%zz".getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString().replace("-", "");
    answer(stranger.enqueue(electionQueue("e"), new EntrySpec(id, "w", garbage)));
    Member a = clients.join("a");
    a.latch("e").start();
    awaitEntries(electionQueue("e"), 2);

    assertThat(ids(a.election("e").queue())).containsExactly("?", "a");
    Candidate leader = a.election("e").leader().orElseThrow();
    assertThat(leader.metadata()).isEmpty();
    answer(stranger.close());
    eventually(() -> assertThat(a.election("e").leader()).map(Candidate::id).contains("a"));
  }

  @Test
  void observingWritesNothing() throws InterruptedException {
    clients.join("a").latch("e").start().await();
    Member observer = clients.join("o");
    observer.election("e").leader();
    long before = fixture.writes();
    Recorder<Optional<Candidate>> seen = new Recorder<>();
    observer.election("e").observe(seen);
    eventually(() -> assertThat(seen.all()).hasSize(1));
    observer.election("e").queue();
    answer(observer.lock("x").holderAsync());

    assertThat(fixture.writes()).isEqualTo(before);
    assertThat(observer.faults().calls(StoreCall.OPEN_SESSION)).isZero();
  }
}
