package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CasResult;
import io.tenure.CellWrite;
import io.tenure.Cells;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.LeaseLostException;
import io.tenure.Versioned;
import io.tenure.spi.QueueName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The same with cells of the store itself: R1 is late on its way to the store. The cell is then as
 * R1 expects it to be, so that nothing but the guard can refuse it.
 */
abstract class LateWriteStory extends FencingStory {
  private static final Pattern ENTRY_ID = Pattern.compile("[0-9a-f]{32}");

  LateWriteStory(FencingScenarioContract contract) {
    super(contract);
  }

  @Test
  void aGuardedSwapOfAnEarlierTenureIsRefusedByTheStoreAlthoughItsSenderLeadsAgain()
      throws InterruptedException {
    assertRefused(tell((cells, lease) -> takeTheJob(cells.guardedBy(lease))));
    assertThat(cell("job")).isEmpty();
  }

  @Test
  void aGuardedWriteOfSeveralCellsIsRefusedAsAWhole() throws InterruptedException {
    assertRefused(tell((cells, lease) -> takeTheJobAndLogIt(cells.guardedBy(lease))));
    assertThat(cell("job")).isEmpty();
    assertThat(cell("log")).isEmpty();
  }

  @Test
  void anUnguardedSwapOfAnEarlierTenureIsAppliedHoweverLateItIs() throws InterruptedException {
    assertThat(answer(tell((cells, lease) -> takeTheJob(cells))).swapped()).isTrue();
    assertThat(cell("job").map(Versioned::text)).contains("R1");
  }

  @Test
  void aGuardedSwapThatItsClientHeldBackIsRefusedAlthoughThatClientHoldsTheLockAgain()
      throws InterruptedException {
    Member a = joinPatient("a");
    Lease first = a.lock(NAME).acquire();
    HeldCall held = a.faults().next(StoreCall.WRITE).holdCall();
    CompletableFuture<CasResult> late = takeTheJob(a.cells().guardedBy(first));
    held.awaitCall();
    first.close();
    Member b = joinPatient("b");
    try (Lease second = b.lock(NAME).acquire()) {
      doTheJob(b.cells().guardedBy(second));
    }
    Lease third = a.lock(NAME).acquire();
    held.deliver();

    assertRefused(late);
    assertThat(cell("job")).isEmpty();
    assertThat(third.isHeld()).isTrue();
  }

  private static void assertRefused(CompletableFuture<?> late) {
    assertThat(failure(late))
        .isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("does not exist in the store any more");
  }

  private static CompletableFuture<CasResult> takeTheJob(Cells cells) {
    return cells.compareAndSwapAsync("job", Expected.absent(), "R1".getBytes(UTF_8));
  }

  private static CompletableFuture<?> takeTheJobAndLogIt(Cells cells) {
    return cells.writeAllAsync(
        List.of(
            CellWrite.put("log", Expected.absent(), "R1".getBytes(UTF_8)),
            CellWrite.put("job", Expected.absent(), "R1".getBytes(UTF_8))));
  }

  /** Takes the job and gives it back, so that everything is as it was. */
  private static void doTheJob(Cells cells) throws InterruptedException {
    CasResult taken = cells.compareAndSwap("job", Expected.absent(), "R2".getBytes(UTF_8));
    long version = ((CasResult.Swapped) taken).version();
    assertThat(cells.delete("job", Expected.version(version)).swapped()).isTrue();
  }

  private Optional<Versioned> cell(String key) throws InterruptedException {
    return clients.join("reader").cells().get(key);
  }

  private interface Write<T> {
    CompletableFuture<T> send(Cells cells, Lease lease);
  }

  /** Everybody is in the queue before R1 is sent, so that it is not on its way for long. */
  private <T> CompletableFuture<T> tell(Write<T> r1) throws InterruptedException {
    Member a = joinPatient("a");
    Member b = joinPatient("b");
    Lease first = a.lock(NAME).acquire();
    QueueName queue = new QueueName(namespace + "/lock/" + NAME);
    String entry = onlyEntry(queue);
    CompletableFuture<Lease> waiting = b.lock(NAME).acquireAsync();
    eventually(() -> assertThat(fixture.keys(queue.path())).hasSize(2));
    // Another process of the same name, since the first one cannot come through.
    CompletableFuture<Lease> again = joinPatient("a").lock(NAME).acquireAsync();
    eventually(() -> assertThat(fixture.keys(queue.path())).hasSize(3));

    Runnable arrival = contract.delay(a);
    CompletableFuture<T> late = r1.send(a.cells(), first);
    eventually(() -> assertThat(a.faults().calls(StoreCall.WRITE)).isOne());
    fixture.deleteEntry(queue, entry);
    Lease second = answer(waiting);
    doTheJob(b.cells().guardedBy(second));
    second.close();
    Lease third = answer(again);
    assertThat(third.token().isNewerThan(second.token())).isTrue();
    assertThat(late).isNotDone();
    arrival.run();
    return late;
  }

  /** Nothing of a client runs out while its requests are on their way. */
  private Member joinPatient(String candidate) {
    return clients.join(
        candidate,
        settings ->
            settings
                .leaseTtl(Duration.ofSeconds(50))
                .renewEvery(Duration.ofSeconds(10))
                .requestTimeout(Duration.ofSeconds(40)));
  }

  private String onlyEntry(QueueName queue) {
    List<String> keys = fixture.keys(queue.path());
    Matcher id = ENTRY_ID.matcher(keys.toString());
    assertThat(keys).hasSize(1);
    assertThat(id.find()).as("an entry's id in %s", keys).isTrue();
    return id.group();
  }
}
