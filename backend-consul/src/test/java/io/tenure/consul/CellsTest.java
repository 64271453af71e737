package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CellsTest extends ConsulTest {
  private final String k = namespace + "/cell/k%2F";
  private final String m = namespace + "/cell/m";

  @AfterEach
  void clear() {
    operator().delete(Keys.url("tenure/" + namespace + "/cell/") + "?recurse");
  }

  private static WriteOutcome write(StoreConnection backend, Mutation... writes) {
    return answer(backend.write(List.of(writes)));
  }

  private static long version(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Applied.class);
    return ((WriteOutcome.Applied) outcome).versions().get(0).orElseThrow();
  }

  private static Optional<Versioned> read(StoreConnection backend, String key) {
    return answer(backend.get(key));
  }

  private static WriteOutcome mismatch(int index, Optional<Versioned> current) {
    return new WriteOutcome.Mismatch(index, current);
  }

  @Test
  void aVersionIsTheIndexOfTheWrite() {
    StoreConnection backend = connect();
    long first = version(write(backend, put(k, Expected.absent(), "one")));

    assertThat(read(backend, k)).contains(new Versioned(bytes("one"), first));
    assertThat(
            operator()
                .json(Keys.url("tenure/" + k))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("ModifyIndex")
                .getAsLong())
        .isEqualTo(first);
  }

  @Test
  void theSameValueAgainIsANewVersion() {
    StoreConnection backend = connect();
    long version = version(write(backend, put(k, Expected.absent(), "one")));
    for (int i = 0; i < 5; i++) {
      long next = version(write(backend, put(k, Expected.version(version), "one")));
      assertThat(next).isGreaterThan(version);
      version = next;
    }
    assertThat(version(write(backend, put(k, Expected.value(bytes("one")), "one"))))
        .isGreaterThan(version);
  }

  @Test
  void whatIsNotAsExpectedIsLeftAloneAndShown() {
    StoreConnection backend = connect();
    long version = version(write(backend, put(k, Expected.absent(), "one")));
    Optional<Versioned> current = Optional.of(new Versioned(bytes("one"), version));

    assertThat(write(backend, put(k, Expected.absent(), "x"))).isEqualTo(mismatch(0, current));
    assertThat(write(backend, put(k, Expected.version(version - 1), "x")))
        .isEqualTo(mismatch(0, current));
    assertThat(write(backend, put(k, Expected.version(0), "x"))).isEqualTo(mismatch(0, current));
    assertThat(write(backend, put(k, Expected.version(-1), "x"))).isEqualTo(mismatch(0, current));
    assertThat(write(backend, put(k, Expected.value(bytes("two")), "x")))
        .isEqualTo(mismatch(0, current));
    assertThat(write(backend, delete(k, Expected.version(version - 1))))
        .isEqualTo(mismatch(0, current));
    assertThat(write(backend, delete(k, Expected.absent()))).isEqualTo(mismatch(0, current));
    assertThat(read(backend, k)).isEqualTo(current);
  }

  @Test
  void anEmptyCellIsNotTakenForAnyVersionOrValue() {
    StoreConnection backend = connect();
    assertThat(write(backend, put(k, Expected.version(0), "x")))
        .isEqualTo(mismatch(0, Optional.empty()));
    assertThat(write(backend, put(k, Expected.version(7), "x")))
        .isEqualTo(mismatch(0, Optional.empty()));
    assertThat(write(backend, delete(k, Expected.version(7))))
        .isEqualTo(mismatch(0, Optional.empty()));
    assertThat(write(backend, put(k, Expected.value(bytes("")), "x")))
        .isEqualTo(mismatch(0, Optional.empty()));
    assertThat(write(backend, delete(k, Expected.absent())))
        .isEqualTo(new WriteOutcome.Applied(List.of(OptionalLong.empty())));
    assertThat(read(backend, k)).isEmpty();
  }

  @Test
  void aVersionDoesNotReturnWhenTheCellIsMadeAgain() {
    StoreConnection backend = connect();
    long first = version(write(backend, put(k, Expected.absent(), "one")));
    assertThat(write(backend, delete(k, Expected.value(bytes("one")))))
        .isEqualTo(new WriteOutcome.Applied(List.of(OptionalLong.empty())));
    long second = version(write(backend, put(k, Expected.absent(), "one")));

    assertThat(second).isGreaterThan(first);
    assertThat(write(backend, put(k, Expected.version(first), "x")))
        .isInstanceOf(WriteOutcome.Mismatch.class);
  }

  @Test
  void anEmptyValueIsAValue() {
    StoreConnection backend = connect();
    long version = version(write(backend, put(k, Expected.absent(), "")));
    assertThat(read(backend, k)).contains(new Versioned(bytes(""), version));
    assertThat(write(backend, put(k, Expected.value(bytes("")), "x")))
        .isInstanceOf(WriteOutcome.Applied.class);
  }

  @Test
  void whatAStrangerWroteReadsAsItIs() {
    StoreConnection backend = connect();
    operator().put(Keys.url("tenure/" + k), "3");
    Versioned found = read(backend, k).orElseThrow();
    assertThat(found.text()).isEqualTo("3");
    assertThat(version(write(backend, put(k, Expected.version(found.version()), "3"))))
        .isGreaterThan(found.version());
  }

  @Test
  void allCellsAreWrittenOrNoneIs() {
    StoreConnection backend = connect();
    long version = version(write(backend, put(k, Expected.absent(), "one")));
    assertThat(
            write(
                backend,
                put(m, Expected.absent(), "m"),
                put(k, Expected.version(version + 1), "two")))
        .isEqualTo(mismatch(1, Optional.of(new Versioned(bytes("one"), version))));
    assertThat(read(backend, m)).isEmpty();

    WriteOutcome applied =
        write(backend, put(m, Expected.absent(), "m"), delete(k, Expected.version(version)));
    assertThat(((WriteOutcome.Applied) applied).versions())
        .hasSize(2)
        .element(1)
        .isEqualTo(OptionalLong.empty());
    assertThat(read(backend, k)).isEmpty();
  }

  @Test
  void asManyCellsAreWrittenAtOnceAsTheTraitsSayWithAGuardAndAllOfThemEphemeral() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    Enqueued mine = enqueue(session, "a");
    List<Mutation> writes = new ArrayList<>();
    for (int i = 0; i < builder().build().traits().maxWritesAtOnce(); i++) {
      writes.add(putEphemeral(namespace + "/cell/" + i, Expected.absent(), "v"));
    }
    assertThat(answer(session.write(Optional.of(mine.self()), writes)))
        .isInstanceOf(WriteOutcome.Applied.class);
  }

  @Test
  void aGuardedWriteIsAppliedWhileTheEntryStandsAndNotAfter() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    Enqueued mine = enqueue(session, "a");
    Optional<Entry> guard = Optional.of(mine.self());

    long version = version(answer(session.write(guard, List.of(put(k, Expected.absent(), "one")))));
    assertThat(answer(session.write(guard, List.of(put(k, Expected.absent(), "two")))))
        .isEqualTo(mismatch(0, Optional.of(new Versioned(bytes("one"), version))));
    answer(session.remove(mine.self()));
    assertThat(answer(session.write(guard, List.of(put(k, Expected.version(version), "two")))))
        .isEqualTo(new WriteOutcome.HolderGone());
    // Both the guard and the cell: the guard is looked at first.
    assertThat(answer(session.write(guard, List.of(put(k, Expected.absent(), "two")))))
        .isEqualTo(new WriteOutcome.HolderGone());
    assertThat(read(backend, k).orElseThrow().text()).isEqualTo("one");
  }

  @Test
  void anEntryOfAnotherSessionGuardsNothing() {
    Enqueued theirs = enqueue(session(), "a");
    assertThat(
            answer(
                session()
                    .write(Optional.of(theirs.self()), List.of(put(k, Expected.absent(), "v")))))
        .isEqualTo(new WriteOutcome.HolderGone());
  }

  @Test
  void anEphemeralCellEndsWithTheSessionThatCreatedIt() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    long version =
        version(
            answer(
                session.write(
                    Optional.empty(), List.of(putEphemeral(k, Expected.absent(), "one")))));
    // Whoever writes it later, with or without a session.
    long second = version(write(backend, put(k, Expected.version(version), "two")));
    answer(
        session().write(Optional.empty(), List.of(putEphemeral(k, Expected.version(second), "3"))));
    assertThat(read(backend, k).orElseThrow().text()).isEqualTo("3");

    answer(session.close());
    assertThat(read(backend, k)).isEmpty();
  }

  @Test
  void aCellThatWasThereKeepsItsLifeWhenASessionWritesIt() {
    StoreConnection backend = connect();
    long version = version(write(backend, put(k, Expected.absent(), "one")));
    StoreSession session = session(backend);
    answer(
        session.write(Optional.empty(), List.of(putEphemeral(k, Expected.version(version), "2"))));
    answer(session.close());
    assertThat(read(backend, k).orElseThrow().text()).isEqualTo("2");
  }

  @Test
  void anEphemeralCellIsNotCreatedOverAnotherOne() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    long version =
        version(
            answer(
                session.write(
                    Optional.empty(), List.of(putEphemeral(k, Expected.absent(), "one")))));
    assertThat(
            answer(
                session.write(
                    Optional.empty(), List.of(putEphemeral(k, Expected.absent(), "two")))))
        .isEqualTo(mismatch(0, Optional.of(new Versioned(bytes("one"), version))));
  }

  @Test
  void aConditionalWriteIsOneWrite() {
    StoreConnection backend = connect();
    long version = version(write(backend, put(k, Expected.absent(), "one")));
    long writes = operator().writes();
    write(backend, put(k, Expected.version(version), "two"));
    assertThat(operator().writes() - writes).isOne();
    write(backend, put(k, Expected.value(bytes("two")), "three"));
    assertThat(operator().writes() - writes).isEqualTo(2);
  }
}
