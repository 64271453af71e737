package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.BackendRefusedException;
import io.tenure.CoordinationEvent;
import io.tenure.Expected;
import io.tenure.FencingToken;
import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.OutcomeUnknownException;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Fencing tokens: each greater than every earlier one of its name, whatever became of the name. */
abstract class TokenContract extends ContractGroup {
  TokenContract(BackendContract contract) {
    super(contract);
  }

  private static FencingToken once(Member member) throws InterruptedException {
    try (Lease lease = member.lock("x").acquire()) {
      return lease.token();
    }
  }

  @Test
  void tokensGrowFromAcquisitionToAcquisitionAndFromClientToClient() throws InterruptedException {
    Member a = clients.join("a");
    Member b = clients.join("b");
    assertThat(List.of(once(a), once(a), once(b), once(a), once(b)))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void tokensGrowThoughTheQueueIsDeletedAndCreatedAgain() throws InterruptedException {
    Member a = clients.join("a");
    once(a);
    once(a);
    FencingToken before = once(a);
    fixture.deleteQueue(lockQueue("x"));
    FencingToken after = once(a);

    assertThat(after.isNewerThan(before)).isTrue();
    assertThat(once(clients.join("b")).isNewerThan(after)).isTrue();
  }

  @Test
  void tokensGrowThoughTheQueueIsDeletedWhileItIsHeld() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease lease = a.lock("x").acquire();
    fixture.deleteQueue(lockQueue("x"));
    answer(lease.lost());
    assertThat(once(a).isNewerThan(lease.token())).isTrue();
  }

  @Test
  void tokensGrowThoughEveryClientHasGone() throws InterruptedException {
    FencingToken before = once(clients.join("a"));
    clients.close();
    fixture.deleteQueue(lockQueue("x"));
    assertThat(once(clients.join("b")).isNewerThan(before)).isTrue();
  }

  /**
   * A fixture that cannot restart its store declares that the store lives in this process, and so
   * does the revision that its tokens are made of: nobody is left who could hold an older one.
   */
  @Test
  void tokensGrowAcrossARestartOfTheStore() throws InterruptedException {
    FencingToken before = once(clients.join("a"));
    clients.close();
    long writes = fixture.writes();
    boolean restarted = fixture.restart();

    assertThat(fixture.newBackend().traits().tokenSource().contains("restarts with the process"))
        .as("%s declares that its tokens end with its process", fixture.store())
        .isNotEqualTo(restarted);
    assertThat(fixture.writes()).isGreaterThanOrEqualTo(writes);
    assertThat(once(clients.join("b")).isNewerThan(before)).isTrue();
  }

  @Test
  void holdersAndWaitersGoOnAfterARestartOfTheStore() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    fixture.restart();

    first.close();
    Lease lease = answer(second);
    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.token().isNewerThan(first.token())).isTrue();
  }

  @Test
  void theTokenThatAWaiterIsShownWithIsTheOneThatItGets() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    CompletableFuture<Lease> second = clients.join("b").lock("x").acquireAsync();
    awaitEntries(lockQueue("x"), 2);
    first.close();
    Lease lease = answer(second);

    eventually(
        () ->
            assertThat(clients.join("c").lock("x").holder().orElseThrow().token())
                .isEqualTo(lease.token()));
  }

  @Test
  void anOperatorsGenerationStandsInFrontOfTheStoresRevision() throws InterruptedException {
    FencingToken before = once(clients.join("a"));
    generation(Expected.absent(), "3");
    FencingToken after = once(clients.join("b"));

    assertThat(before.generation()).isZero();
    assertThat(after.generation()).isEqualTo(3);
    assertThat(after.isNewerThan(before)).isTrue();
    deleteGeneration("3");
  }

  @Test
  void aGenerationThatCannotBeReadKeepsEveryoneFromAcquiring() {
    generation(Expected.absent(), "three");
    Member a = clients.join("a");
    assertThatExceptionOfType(BackendRefusedException.class)
        .isThrownBy(() -> a.lock("x").acquire())
        .withMessageContaining("three");
    deleteGeneration("three");
  }

  @Test
  void aStoreThatWentBackLosesEveryLeaseWithThatReasonAndTheClientGoesOn()
      throws InterruptedException {
    Member a = clients.joinAttentive("a");
    Lease lease = a.lock("x").acquire();
    LeaderLatch latch = a.latch("e").start();
    Turns turns = new Turns();
    latch.addListener(turns);
    Lease turn = latch.await();
    a.faults().next(StoreCall.HEARTBEAT).fail(Outcome.STORE_REGRESSED);

    assertThat(answer(lease.lost())).isEqualTo(LossReason.STORE_REGRESSED);
    turns.told().await("loss", ("lost " + turn.token() + " STORE_REGRESSED")::equals);
    CoordinationEvent.SessionLost end = a.events().await(CoordinationEvent.SessionLost.class);
    assertThat(end.reason()).isEqualTo(LossReason.STORE_REGRESSED);
    assertThat(end.cause()).isPresent();
    assertThat(latch.await().isHeld()).isTrue();
    assertThat(a.lock("x").acquire().isHeld()).isTrue();
  }

  @Test
  void whoeverFirstSeesThatTheStoreWentBackEndsTheSession() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    a.faults().next(StoreCall.ENQUEUE).fail(Outcome.STORE_REGRESSED);
    Lease next = a.lock("y").acquire();
    assertThat(answer(lease.lost())).isEqualTo(LossReason.STORE_REGRESSED);

    a.faults().next(StoreCall.REMOVE).fail(Outcome.STORE_REGRESSED);
    a.lock("z").acquire().close();
    assertThat(answer(next.lost())).isEqualTo(LossReason.STORE_REGRESSED);
  }

  @Test
  void aGuardedWriteToAStoreThatWentBackIsNotTakenForAnything() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    a.faults().next(StoreCall.WRITE).fail(Outcome.STORE_REGRESSED);

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(
            () -> a.cells().guardedBy(lease).compareAndSwap("c", Expected.absent(), bytes("v")));
    assertThat(answer(lease.lost())).isEqualTo(LossReason.STORE_REGRESSED);
  }

  @Test
  void aWaiterWhoseStoreWentBackEntersAgain() throws InterruptedException {
    Lease first = clients.join("a").lock("x").acquire();
    Member b = clients.join("b");
    Lease held = b.lock("y").acquire();
    b.faults().next(StoreCall.AWAIT_DEPARTURE).fail(Outcome.STORE_REGRESSED);
    CompletableFuture<Lease> second = b.lock("x").acquireAsync();
    assertThat(answer(held.lost())).isEqualTo(LossReason.STORE_REGRESSED);
    assertThat(first.isHeld()).isTrue();
    first.close();
    assertThat(answer(second).isHeld()).isTrue();
  }

  private void generation(Expected expected, String text) {
    write(new Mutation(namespace + "/generation", expected, Optional.of(bytes(text)), false));
  }

  private void deleteGeneration(String text) {
    write(
        new Mutation(
            namespace + "/generation", Expected.value(bytes(text)), Optional.empty(), false));
  }

  private void write(Mutation mutation) {
    assertThat(answer(probe.write(List.of(mutation)))).isInstanceOf(WriteOutcome.Applied.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
