package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.BackendUnavailableException;
import io.tenure.CellWrite;
import io.tenure.Cells;
import io.tenure.EmptyCellException;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.LeaseLostException;
import io.tenure.LossReason;
import io.tenure.OutcomeUnknownException;
import io.tenure.Versioned;
import io.tenure.WriteResult;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several cells at once: all or none, with every end told apart, up to the store's limit. */
abstract class WriteAllContract extends ContractGroup {
  private static final int MAX_VALUE_BYTES = 64 * 1024;
  private static final int MAX_BYTES_AT_ONCE = 256 * 1024;

  WriteAllContract(BackendContract contract) {
    super(contract);
  }

  /** What a test wrote stays, unless it was bound; the next look finds the store empty. */
  @AfterEach
  void deleteTheCells() throws InterruptedException {
    Cells cells = clients.join("cleaner").cells();
    for (String key : keys(fixture.keys(namespace + "/cell"))) {
      Versioned left = cells.get(key).orElseThrow();
      cells.delete(key, Expected.version(left.version()));
    }
  }

  private static List<String> keys(List<String> paths) {
    return paths.stream()
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .filter(key -> key.matches("\\w+"))
        .toList();
  }

  private static CellWrite put(String key, Expected expected, String text) {
    return CellWrite.put(key, expected, text.getBytes(UTF_8));
  }

  private static List<CellWrite> creations(int count) {
    return IntStream.range(0, count).mapToObj(i -> put("k" + i, Expected.absent(), "v")).toList();
  }

  private static WriteResult.Applied write(Cells cells, CellWrite... writes)
      throws InterruptedException {
    return (WriteResult.Applied) cells.writeAll(List.of(writes));
  }

  /** Holds "one" in the cell "a", which others expect to be something else. */
  private static Versioned occupied(Cells cells) throws InterruptedException {
    write(cells, put("a", Expected.absent(), "one"));
    return cells.get("a").orElseThrow();
  }

  @Test
  void allAreWrittenIfAllAreAsExpectedAndEachVersionIsToldByItsKey() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    WriteResult.Applied first =
        write(cells, put("b", Expected.absent(), "1"), put("a", Expected.absent(), "2"));
    assertThat(first.versions().keySet()).containsExactly("b", "a");
    assertThat(first.version("a")).isEqualTo(cells.get("a").orElseThrow().version());
    assertThat(first.version("b")).isEqualTo(cells.get("b").orElseThrow().version());
    assertThatIllegalArgumentException().isThrownBy(() -> first.version("c"));

    WriteResult.Applied second =
        write(
            cells,
            put("c", Expected.absent(), "3"),
            put("b", Expected.value("1".getBytes(UTF_8)), "4"),
            CellWrite.delete("a", Expected.version(first.version("a"))));
    assertThat(second.versions().keySet()).containsExactly("c", "b", "a");
    assertThat(second.version("a")).isZero();
    assertThat(second.version("b")).isGreaterThan(first.version("b"));
    assertThat(cells.get("a")).isEmpty();
    assertThat(cells.get("b")).contains(new Versioned("4".getBytes(UTF_8), second.version("b")));
    assertThat(cells.get("c")).contains(new Versioned("3".getBytes(UTF_8), second.version("c")));
  }

  @Test
  void noneIsWrittenIfOneDiffersAndThatOneIsShown() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    Versioned one = occupied(cells);
    WriteResult.Differs differs = new WriteResult.Differs("a", one);

    for (Expected other :
        List.of(
            Expected.absent(),
            Expected.version(one.version() + 1),
            Expected.value("two".getBytes(UTF_8)))) {
      assertThat(
              cells.writeAll(
                  List.of(
                      put("b", Expected.absent(), "x"),
                      put("a", other, "y"),
                      put("c", Expected.absent(), "z"))))
          .isEqualTo(differs);
    }
    WriteResult deletion =
        cells.writeAll(
            List.of(
                put("b", Expected.absent(), "x"),
                CellWrite.delete("a", Expected.version(one.version() + 1))));
    assertThat(deletion).isEqualTo(differs);
    assertThat(deletion.applied()).isFalse();
    assertThat(cells.get("a")).contains(one);
    assertThat(cells.get("b")).isEmpty();
    assertThat(cells.get("c")).isEmpty();
  }

  @Test
  void noneIsWrittenIfSomethingIsExpectedOfAnEmptyCellAndThatOneIsNamed()
      throws InterruptedException {
    Cells cells = clients.join("a").cells();
    Versioned one = occupied(cells);
    List<CellWrite> writes =
        List.of(put("a", Expected.version(one.version()), "x"), put("b", Expected.version(7), "y"));
    assertThatExceptionOfType(EmptyCellException.class)
        .isThrownBy(() -> cells.writeAll(writes))
        .satisfies(e -> assertThat(e.key()).isEqualTo("b"));
    assertThat(failure(cells.writeAllAsync(writes))).isInstanceOf(EmptyCellException.class);
    assertThat(cells.get("a")).contains(one);
    assertThat(cells.get("b")).isEmpty();
  }

  @Test
  void asManyAsTheStoreTakesAreWrittenAtOnceAndOneMoreIsRefusedAtTheDoor()
      throws InterruptedException {
    int most = traits.maxWritesAtOnce();
    Member a = clients.join("a");
    Cells guarded = a.cells().guardedBy(a.lock("x").acquire());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> guarded.writeAll(creations(most + 1)))
        .withMessageContaining("1 to " + most + " cells at once")
        .withMessageContaining("these are " + (most + 1));
    assertThat(a.faults().calls(StoreCall.WRITE)).isZero();

    WriteResult written = guarded.writeAll(creations(most));
    assertThat(((WriteResult.Applied) written).versions()).hasSize(most);
    assertThat(a.faults().calls(StoreCall.WRITE)).isOne();
  }

  @Test
  void asManyBytesAsAreAllowedAreWrittenAtOnceAndOneMoreIsRefusedAtTheDoor()
      throws InterruptedException {
    Member a = clients.join("a");
    Expected compared = Expected.value(new byte[1]);
    List<CellWrite> most =
        Stream.of("a", "b", "c", "d")
            .map(key -> CellWrite.put(key, Expected.absent(), new byte[MAX_VALUE_BYTES]))
            .toList();
    assertThat(a.cells().writeAll(most).applied()).isTrue();
    assertThat(a.cells().get("d").orElseThrow().value()).hasSize(MAX_VALUE_BYTES);

    List<CellWrite> more =
        Stream.concat(most.stream(), Stream.of(CellWrite.delete("e", compared))).toList();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.cells().writeAll(more))
        .withMessageContaining("at most " + MAX_BYTES_AT_ONCE + " bytes")
        .withMessageContaining("these are " + (MAX_BYTES_AT_ONCE + 1));
    assertThat(a.faults().calls(StoreCall.WRITE)).isOne();
  }

  @Test
  void aDifferenceIsToldHoweverLargeTheCellsAre() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    int most = traits.maxWritesAtOnce();
    List<CellWrite> deletions = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      CellWrite large = CellWrite.put("k" + i, Expected.absent(), new byte[MAX_VALUE_BYTES]);
      long version = write(cells, large).version("k" + i);
      boolean last = i == most - 1;
      deletions.add(CellWrite.delete("k" + i, Expected.version(last ? version + 1 : version)));
    }
    assertThat(cells.writeAll(deletions))
        .isEqualTo(
            new WriteResult.Differs("k" + (most - 1), cells.get("k" + (most - 1)).orElseThrow()));
  }

  @Test
  void malformedWritesAreRefusedAtTheDoor() {
    Member a = clients.join("a");
    CellWrite one = put("a", Expected.absent(), "1");
    CellWrite unnamed = put("", Expected.absent(), "1");
    assertThatIllegalArgumentException().isThrownBy(() -> a.cells().writeAll(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.cells().writeAllAsync(List.of(one, one)))
        .withMessageContaining("'a' is there twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.cells().writeAll(List.of(one, unnamed)));
    assertThatIllegalArgumentException().isThrownBy(() -> CellWrite.delete("a", Expected.absent()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CellWrite.put("a", Expected.absent(), new byte[MAX_VALUE_BYTES + 1]));
    assertThat(a.faults().calls(StoreCall.WRITE)).isZero();
  }

  @Test
  void aGuardedWriteIsRefusedByTheStoreWhenTheEntryIsGoneThoughNobodyHasNoticed()
      throws InterruptedException {
    Member a = clients.join("a");
    Lease lease = a.lock("x").acquire();
    Cells guarded = a.cells().guardedBy(lease);
    long held = write(guarded, put("a", Expected.absent(), "1")).version("a");
    revoke(lockQueue("x"));

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                guarded.writeAll(
                    List.of(
                        put("b", Expected.absent(), "2"), put("a", Expected.version(held), "2"))))
        .satisfies(e -> assertThat(e.token()).isEqualTo(lease.token()));
    assertThat(answer(lease.lost())).isEqualTo(LossReason.REVOKED);
    assertThat(failure(guarded.writeAllAsync(creations(2)))).isInstanceOf(LeaseLostException.class);
    assertThat(a.cells().get("a").orElseThrow().version()).isEqualTo(held);
    assertThat(a.cells().get("b")).isEmpty();
  }

  @Test
  void aLostAnswerIsUnknownAndNothingIsSentAgain() throws InterruptedException {
    Member a = clients.join("a");
    Cells guarded = a.cells().guardedBy(a.lock("x").acquire());
    a.faults().next(StoreCall.WRITE).loseAnswer();
    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> guarded.writeAll(creations(2)))
        .withMessageContaining("'k0' and 1 more may or may not have been applied");
    assertThat(a.cells().get("k0")).isPresent();
    assertThat(a.cells().get("k1")).isPresent();

    a.faults().next(StoreCall.WRITE).loseAnswer();
    assertThat(failure(a.cells().writeAllAsync(creations(3))))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(a.cells().get("k2")).isEmpty();
    assertThat(a.faults().calls(StoreCall.WRITE)).isEqualTo(2);
  }

  @Test
  void aStoreThatWasNotReachedHasWrittenNothing() throws InterruptedException {
    Member a = clients.join("a");
    a.faults().next(StoreCall.WRITE).fail(Outcome.NOT_DONE);
    assertThatExceptionOfType(BackendUnavailableException.class)
        .isThrownBy(() -> a.cells().writeAll(creations(2)));
    assertThat(a.cells().get("k0")).isEmpty();
  }

  @Test
  void cellsThatWereCreatedBoundAreGoneWhenTheLeaseIsReleased() throws InterruptedException {
    Member a = clients.join("a");
    Versioned one = occupied(a.cells());
    Lease lease = a.lock("x").acquire();
    write(
        a.cells().boundTo(lease),
        put("b", Expected.absent(), "mine"),
        put("a", Expected.version(one.version()), "still everyone's"),
        put("c", Expected.absent(), "mine"));
    answer(lease.releaseAsync());

    assertThat(a.cells().get("b")).isEmpty();
    assertThat(a.cells().get("c")).isEmpty();
    assertThat(a.cells().get("a").orElseThrow().text()).isEqualTo("still everyone's");
  }

  @Test
  void whatManyMoveBetweenTwoCellsIsNeitherLostNorDoubled() throws InterruptedException {
    write(
        clients.join("bank").cells(),
        put("from", Expected.absent(), "40"),
        put("to", Expected.absent(), "0"));
    AtomicInteger number = new AtomicInteger();
    inParallel(
        4,
        () -> {
          Cells cells = clients.join("m" + number.incrementAndGet()).cells();
          for (int moved = 0; moved < 5; ) {
            moved +=
                cells.writeAll(List.of(change(cells, "from", -1), change(cells, "to", 1))).applied()
                    ? 1
                    : 0;
          }
          return cells;
        });

    Cells cells = clients.join("auditor").cells();
    assertThat(cells.get("from").orElseThrow().text()).isEqualTo("20");
    assertThat(cells.get("to").orElseThrow().text()).isEqualTo("20");
  }

  private static CellWrite change(Cells cells, String key, int by) throws InterruptedException {
    Versioned now = cells.get(key).orElseThrow();
    String next = Integer.toString(Integer.parseInt(now.text()) + by);
    return put(key, Expected.version(now.version()), next);
  }
}
