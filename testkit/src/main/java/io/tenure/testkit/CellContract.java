package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.CasResult;
import io.tenure.Cells;
import io.tenure.EmptyCellException;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.LeaseLostException;
import io.tenure.LossReason;
import io.tenure.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Versioned cells: three outcomes told apart, versions that never return, and guarded writes. */
abstract class CellContract extends ContractGroup {
  CellContract(BackendContract contract) {
    super(contract);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long swap(Cells cells, Expected expected, String next)
      throws InterruptedException {
    return ((CasResult.Swapped) cells.compareAndSwap("k", expected, bytes(next))).version();
  }

  /** Deletes the cell that a test leaves on purpose. */
  private static void clear(Cells cells) throws InterruptedException {
    long version = cells.get("k").orElseThrow().version();
    assertThat(cells.delete("k", Expected.version(version))).isEqualTo(new CasResult.Swapped(0));
    assertThat(cells.get("k")).isEmpty();
  }

  @Test
  void anAbsentCellIsCreatedOnceOnly() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    assertThat(cells.get("k")).isEmpty();
    long version = swap(cells, Expected.absent(), "one");

    assertThat(cells.get("k")).contains(new Versioned(bytes("one"), version));
    assertThat(cells.compareAndSwap("k", Expected.absent(), bytes("two")))
        .isEqualTo(new CasResult.Differs(new Versioned(bytes("one"), version)));
    clear(cells);
  }

  @Test
  void aCellIsWrittenIfItHasTheExpectedValueOrVersion() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    long first = swap(cells, Expected.absent(), "one");
    long second = swap(cells, Expected.value(bytes("one")), "two");
    long third = swap(cells, Expected.version(second), "three");

    assertThat(first).isLessThan(second);
    assertThat(second).isLessThan(third);
    assertThat(cells.get("k").orElseThrow().text()).isEqualTo("three");
    clear(cells);
  }

  @Test
  void aCellThatDiffersIsLeftAloneAndShown() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    long version = swap(cells, Expected.absent(), "one");
    CasResult differs = new CasResult.Differs(new Versioned(bytes("one"), version));

    assertThat(cells.compareAndSwap("k", Expected.value(bytes("x")), bytes("y")))
        .isEqualTo(differs);
    assertThat(cells.compareAndSwap("k", Expected.version(version + 1), bytes("y")))
        .isEqualTo(differs);
    assertThat(cells.delete("k", Expected.value(bytes("x")))).isEqualTo(differs);
    assertThat(cells.get("k").orElseThrow().version()).isEqualTo(version);
    clear(cells);
  }

  @Test
  void expectingSomethingOfAnEmptyCellIsAnError() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    assertThatExceptionOfType(EmptyCellException.class)
        .isThrownBy(() -> cells.compareAndSwap("k", Expected.value(bytes("x")), bytes("y")))
        .satisfies(e -> assertThat(e.key()).isEqualTo("k"));
    assertThatExceptionOfType(EmptyCellException.class)
        .isThrownBy(() -> cells.compareAndSwap("k", Expected.version(1), bytes("y")));
    assertThatExceptionOfType(EmptyCellException.class)
        .isThrownBy(() -> cells.delete("k", Expected.version(1)));
    assertThat(failure(cells.compareAndSwapAsync("k", Expected.version(1), bytes("y"))))
        .isInstanceOf(EmptyCellException.class);
    assertThat(cells.get("k")).isEmpty();
  }

  @Test
  void deletingExpectsSomething() {
    Cells cells = clients.join("a").cells();
    assertThatIllegalArgumentException().isThrownBy(() -> cells.delete("k", Expected.absent()));
  }

  @Test
  void aVersionDoesNotReturnWhenTheValueDoes() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    long first = swap(cells, Expected.absent(), "A");
    swap(cells, Expected.version(first), "B");
    swap(cells, Expected.value(bytes("B")), "A");

    assertThat(cells.compareAndSwap("k", Expected.version(first), bytes("C")))
        .isInstanceOf(CasResult.Differs.class);
    clear(cells);
  }

  @Test
  void aVersionDoesNotReturnWhenTheCellIsDeletedAndCreatedAgain() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    long first = swap(cells, Expected.absent(), "A");
    clear(cells);
    long second = swap(cells, Expected.absent(), "A");

    assertThat(second).isGreaterThan(first);
    assertThat(cells.compareAndSwap("k", Expected.version(first), bytes("B")))
        .isInstanceOf(CasResult.Differs.class);
    clear(cells);
  }

  @Test
  void writingTheSameValueAgainMakesANewVersion() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    long first = swap(cells, Expected.absent(), "A");
    assertThat(swap(cells, Expected.version(first), "A")).isGreaterThan(first);
    clear(cells);
  }

  @Test
  void ofManyWhoWriteOnOneVersionOneSucceeds() throws InterruptedException {
    Cells counter = clients.join("counter").cells();
    swap(counter, Expected.absent(), "0");
    AtomicInteger number = new AtomicInteger();
    inParallel(
        4,
        () -> {
          Cells cells = clients.join("m" + number.incrementAndGet()).cells();
          for (int done = 0; done < 10; ) {
            Versioned now = cells.get("k").orElseThrow();
            byte[] next = bytes(Integer.toString(Integer.parseInt(now.text()) + 1));
            if (cells.compareAndSwap("k", Expected.version(now.version()), next).swapped()) {
              done++;
            }
          }
          return cells;
        });

    assertThat(counter.get("k").orElseThrow().text()).isEqualTo("40");
    clear(counter);
  }

  @Test
  void aGuardedWriteIsAppliedWhileItsLeaseIsHeld() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    Cells guarded = a.cells().guardedBy(lease);
    long version = swap(guarded, Expected.absent(), "one");
    assertThat(swap(guarded, Expected.version(version), "two")).isGreaterThan(version);
    assertThat(guarded.compareAndSwap("k", Expected.version(version), bytes("three")))
        .isInstanceOf(CasResult.Differs.class);

    lease.close();
    assertThat(a.cells().get("k").orElseThrow().text()).isEqualTo("two");
    clear(a.cells());
  }

  @Test
  void aGuardedWriteIsRefusedAfterTheRelease() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    lease.close();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () -> a.cells().guardedBy(lease).compareAndSwap("k", Expected.absent(), bytes("v")));
    assertThat(a.cells().get("k")).isEmpty();
  }

  @Test
  void aGuardedWriteIsRefusedByTheStoreWhenTheEntryIsGoneThoughNobodyHasNoticed()
      throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    revoke(lockQueue("x"));
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () -> a.cells().guardedBy(lease).compareAndSwap("k", Expected.absent(), bytes("v")));

    assertThat(a.cells().get("k")).isEmpty();
    assertThat(answer(lease.lost())).isEqualTo(LossReason.REVOKED);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void aGuardedWriteIsRefusedAfterTheLossWhoeverHoldsTheLockThen() throws InterruptedException {
    Member a = clients.joinShortLived("a");
    Lease first = a.lock("x").acquire();
    revoke(lockQueue("x"));
    answer(first.lost());
    Lease second = a.lock("x").acquire();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () -> a.cells().guardedBy(first).compareAndSwap("k", Expected.absent(), bytes("v")))
        .satisfies(e -> assertThat(e.reason()).contains(LossReason.REVOKED));
    assertThat(a.cells().get("k")).isEmpty();
    assertThat(second.isHeld()).isTrue();
  }

  @Test
  void aLeaseGuardsTheWritesOfItsOwnClientOnly() throws InterruptedException {
    Lease lease = clients.join("a").lock("x").acquire();
    Member b = clients.join("b");
    assertThatIllegalArgumentException().isThrownBy(() -> b.cells().guardedBy(lease));
    assertThatIllegalArgumentException().isThrownBy(() -> b.cells().boundTo(lease));
  }

  @Test
  void aBoundCellIsGoneWhenItsLeaseIsReleased() throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    long version = swap(a.cells().boundTo(lease), Expected.absent(), "one");
    swap(a.cells().boundTo(lease), Expected.version(version), "two");
    assertThat(clients.join("b").cells().get("k").orElseThrow().text()).isEqualTo("two");

    answer(lease.releaseAsync());
    assertThat(a.cells().get("k")).isEmpty();
  }

  @Test
  void aBoundCellIsGoneWhenItsSessionIs() throws InterruptedException {
    Member a = clients.joinAttentive("a");
    Member b = clients.join("b");
    Lease lease = a.lock("x").acquire();
    swap(a.cells().boundTo(lease), Expected.absent(), "one");
    assertThat(b.cells().get("k")).isPresent();
    fixture.expireSession(a.session());

    eventually(() -> assertThat(b.cells().get("k")).isEmpty());
    assertThat(answer(lease.lost())).isEqualTo(LossReason.SESSION_LOST);
  }

  @Test
  void aCellThatWasThereBeforeKeepsItsLifeWhenItIsWrittenBound() throws InterruptedException {
    Member a = clients.join("a");
    long version = swap(a.cells(), Expected.absent(), "one");
    Lease lease = a.lock("x").acquire();
    swap(a.cells().boundTo(lease), Expected.version(version), "two");
    answer(lease.releaseAsync());

    assertThat(a.cells().get("k").orElseThrow().text()).isEqualTo("two");
    clear(a.cells());
  }

  @Test
  void cellsLocksAndNamespacesDoNotMeet() throws InterruptedException {
    Member a = clients.join("a");
    Cells elsewhere =
        clients.join("b", settings -> settings.namespace(namespace + "/inner")).cells();
    a.lock("k").acquire();
    swap(a.cells(), Expected.absent(), "one");

    assertThat(elsewhere.get("k")).isEmpty();
    clear(a.cells());
  }
}
