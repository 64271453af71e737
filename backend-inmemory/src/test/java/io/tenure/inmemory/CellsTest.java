package io.tenure.inmemory;

import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Entry;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import io.tenure.spi.WriteOutcome.Applied;
import io.tenure.spi.WriteOutcome.HolderGone;
import io.tenure.spi.WriteOutcome.Mismatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Versioned cells: compare-and-swap, atomic writes, guards and lifetimes. */
class CellsTest extends Fixture {
  private final StoreConnection client = client("a");
  private final StoreSession session = now(client.openSession());

  @Test
  void anAbsentCellIsCreatedOnce() {
    long version = written(put("k", Expected.absent(), "1"));

    assertThat(now(client.get("k"))).hasValue(new Versioned(bytes("1"), version));
    assertThat(write(put("k", Expected.absent(), "2")))
        .isEqualTo(new Mismatch(0, Optional.of(new Versioned(bytes("1"), version))));
  }

  @Test
  void aValueIsSwappedForTheExpectedOneOnly() {
    long first = written(put("k", Expected.absent(), "1"));

    assertThat(write(put("k", Expected.value(bytes("0")), "2")))
        .isEqualTo(new Mismatch(0, Optional.of(new Versioned(bytes("1"), first))));
    assertThat(written(put("k", Expected.value(bytes("1")), "2"))).isGreaterThan(first);
  }

  @Test
  void expectingAValueOrAVersionOfAnEmptyCellSaysThatItIsEmpty() {
    assertThat(write(put("k", Expected.value(bytes("1")), "2")))
        .isEqualTo(new Mismatch(0, Optional.empty()));
    assertThat(write(delete("k", Expected.version(7))))
        .isEqualTo(new Mismatch(0, Optional.empty()));
  }

  @Test
  void aVersionSeesThatACellWasChangedAndChangedBack() {
    long first = written(put("k", Expected.absent(), "1"));
    written(put("k", Expected.version(first), "2"));
    written(put("k", Expected.value(bytes("2")), "1"));

    assertThat(write(put("k", Expected.version(first), "3"))).isInstanceOf(Mismatch.class);
  }

  @Test
  void aVersionNeverComesBackAlsoAfterTheCellWasDeleted() {
    long first = written(put("k", Expected.absent(), "1"));
    assertThat(write(delete("k", Expected.version(first))))
        .isEqualTo(new Applied(List.of(OptionalLong.empty())));
    assertThat(now(client.get("k"))).isEmpty();

    assertThat(written(put("k", Expected.absent(), "1"))).isGreaterThan(first);
  }

  @Test
  void severalCellsAreWrittenTogetherInOneQuorumWriteOrNotAtAll() {
    long before = store.revision();
    written(put("x", Expected.absent(), "1"));

    WriteOutcome refused =
        write(
            put("y", Expected.absent(), "1"),
            put("x", Expected.absent(), "2"),
            delete("z", Expected.version(1)));

    assertThat(refused).isInstanceOfSatisfying(Mismatch.class, m -> assertThat(m.index()).isOne());
    assertThat(store.cells()).containsOnlyKeys("x");
    assertThat(store.revision()).isEqualTo(before + 1);

    assertThat(write(put("y", Expected.absent(), "1"), put("x", Expected.value(bytes("1")), "2")))
        .isInstanceOf(Applied.class);
    assertThat(store.cells()).containsOnlyKeys("x", "y");
    assertThat(store.revision()).isEqualTo(before + 2);
  }

  @Test
  void aGuardedWriteIsAppliedWhileTheGuardExists() {
    Entry guard = enqueue(session).self();

    assertThat(now(session.write(Optional.of(guard), List.of(put("k", Expected.absent(), "1")))))
        .isInstanceOf(Applied.class);
  }

  @Test
  void aGuardThatIsGoneAppliesNothingWhateverTheCellsHold() {
    Entry guard = enqueue(session).self();
    now(session.remove(guard));

    assertThat(guarded(session, guard)).isEqualTo(new HolderGone());
    assertThat(store.cells()).isEmpty();
  }

  @Test
  void theGuardOfADeadSessionIsGone() {
    Entry guard = enqueue(session).self();
    store.expireSession(session.id());

    assertThat(guarded(session, guard)).isEqualTo(new HolderGone());
  }

  @Test
  void anEntryOfAnotherSessionGuardsNothing() {
    Entry guard = enqueue(session).self();

    assertThat(guarded(session("b"), guard)).isEqualTo(new HolderGone());
  }

  @Test
  void anEphemeralCellVanishesWithTheSessionThatWroteIt() {
    now(session.write(Optional.empty(), List.of(putEphemeral("k", Expected.absent(), "1"))));
    time.advance(TTL.minus(TICK));
    assertThat(store.cells()).containsOnlyKeys("k");

    time.advance(TICK);

    assertThat(store.cells()).isEmpty();
    assertThat(written(put("k", Expected.absent(), "2"))).isPositive();
  }

  @Test
  void theWriteThatCreatesACellDecidesWhetherItIsEphemeral() {
    now(session.write(Optional.empty(), List.of(putEphemeral("k", Expected.absent(), "1"))));
    written(put("k", Expected.value(bytes("1")), "2"));
    written(put("p", Expected.absent(), "1"));
    now(
        session.write(
            Optional.empty(), List.of(putEphemeral("p", Expected.value(bytes("1")), "2"))));

    store.expireSession(session.id());

    assertThat(store.cells()).containsOnlyKeys("p");
  }

  @Test
  void aDeadSessionWritesNothing() {
    store.expireSession(session.id());

    assertThat(
            failureOf(
                session.write(
                    Optional.empty(), List.of(putEphemeral("k", Expected.absent(), "1")))))
        .isEqualTo(SESSION_GONE);
    assertThat(store.cells()).isEmpty();
  }

  @Test
  void aMalformedWriteIsRefused() {
    Mutation one = put("k", Expected.absent(), "1");
    List<Mutation> tooMany =
        IntStream.rangeClosed(0, InMemoryBackend.on(store).traits().maxWritesAtOnce())
            .mapToObj(i -> put("k" + i, Expected.absent(), ""))
            .toList();

    assertThat(failureOf(client.write(List.of()))).isEqualTo(REFUSED);
    assertThat(failureOf(client.write(List.of(one, one)))).isEqualTo(REFUSED);
    assertThat(failureOf(client.write(tooMany))).isEqualTo(REFUSED);
    assertThat(failureOf(client.write(List.of(putEphemeral("k", Expected.absent(), "")))))
        .isEqualTo(REFUSED);
    assertThat(now(client.write(tooMany.subList(1, tooMany.size())))).isInstanceOf(Applied.class);
  }

  private WriteOutcome write(Mutation... writes) {
    return now(client.write(List.of(writes)));
  }

  private long written(Mutation write) {
    return ((Applied) write(write)).versions().get(0).getAsLong();
  }

  private static WriteOutcome guarded(StoreSession session, Entry guard) {
    // Also a mismatch, but the guard is asked first.
    return now(
        session.write(Optional.of(guard), List.of(put("k", Expected.value(bytes("?")), "1"))));
  }
}
