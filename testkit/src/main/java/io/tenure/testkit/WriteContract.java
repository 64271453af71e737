package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Entry;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the core relies on: atomic writes of several cells, asked of the backend itself. */
abstract class WriteContract extends SpiGroup {
  WriteContract(BackendContract contract) {
    super(contract);
  }

  private String key(String name) {
    return namespace + "/cell/" + name;
  }

  private static Optional<byte[]> text(String text) {
    return Optional.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Mutation put(String name, Expected expected, String text) {
    return new Mutation(key(name), expected, text(text), false);
  }

  private Mutation delete(String name, long version) {
    return new Mutation(key(name), Expected.version(version), Optional.empty(), false);
  }

  private Versioned cell(String name) {
    return answer(probe.get(key(name))).orElseThrow();
  }

  private boolean isEmpty(String name) {
    return answer(probe.get(key(name))).isEmpty();
  }

  private List<OptionalLong> applied(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Applied.class);
    return ((WriteOutcome.Applied) outcome).versions();
  }

  @Test
  void severalCellsAreWrittenTogetherAndTheirVersionsComeInTheirOrder() {
    List<OptionalLong> created =
        applied(
            answer(
                probe.write(
                    List.of(put("a", Expected.absent(), "1"), put("b", Expected.absent(), "2")))));
    assertThat(created)
        .containsExactly(
            OptionalLong.of(cell("a").version()), OptionalLong.of(cell("b").version()));

    List<OptionalLong> swapped =
        applied(
            answer(
                probe.write(
                    List.of(
                        delete("a", cell("a").version()),
                        put("b", Expected.value(text("2").orElseThrow()), "3"),
                        put("c", Expected.absent(), "4")))));
    assertThat(swapped)
        .containsExactly(
            OptionalLong.empty(),
            OptionalLong.of(cell("b").version()),
            OptionalLong.of(cell("c").version()));
    assertThat(isEmpty("a")).isTrue();
    assertThat(cell("b").text()).isEqualTo("3");
    applied(
        answer(
            probe.write(
                List.of(delete("b", cell("b").version()), delete("c", cell("c").version())))));
  }

  @Test
  void nothingIsWrittenIfOneCellIsNotAsExpected() {
    applied(answer(probe.write(List.of(put("b", Expected.absent(), "1")))));
    Versioned before = cell("b");
    WriteOutcome differs =
        answer(
            probe.write(
                List.of(put("a", Expected.absent(), "x"), put("b", Expected.version(1), "y"))));
    WriteOutcome empty =
        answer(
            probe.write(
                List.of(
                    put("b", Expected.version(before.version()), "y"),
                    put("a", Expected.version(7), "x"))));

    assertThat(differs).isEqualTo(new WriteOutcome.Mismatch(1, Optional.of(before)));
    assertThat(empty).isEqualTo(new WriteOutcome.Mismatch(1, Optional.empty()));
    assertThat(isEmpty("a")).isTrue();
    assertThat(cell("b")).isEqualTo(before);
    applied(answer(probe.write(List.of(delete("b", before.version())))));
  }

  @Test
  void asManyCellsAsTheStoreDeclaresAreWrittenAtOnceUnderAGuard() {
    StoreSession session = session();
    Entry held = answer(session.enqueue(queue, spec("p"))).self();
    List<Mutation> creations = new ArrayList<>();
    IntStream.range(0, traits.maxWritesAtOnce())
        .forEach(i -> creations.add(put("k" + i, Expected.absent(), "v")));
    List<OptionalLong> versions = applied(answer(session.write(Optional.of(held), creations)));

    List<Mutation> deletions = new ArrayList<>();
    IntStream.range(0, versions.size())
        .forEach(i -> deletions.add(delete("k" + i, versions.get(i).orElseThrow())));
    assertThat(applied(answer(session.write(Optional.of(held), deletions))))
        .containsOnly(OptionalLong.empty());
  }

  @Test
  void aGuardedWriteIsAppliedWhileTheEntryExistsAndNeverAfter() {
    StoreSession session = session();
    Entry held = answer(session.enqueue(queue, spec("p"))).self();
    List<Mutation> creation = List.of(put("a", Expected.absent(), "1"));
    applied(answer(session.write(Optional.of(held), creation)));
    answer(session.remove(held));
    Versioned before = cell("a");
    List<Mutation> deletion = List.of(delete("a", before.version()));

    assertThat(answer(session.write(Optional.of(held), deletion)))
        .isEqualTo(new WriteOutcome.HolderGone());
    assertThat(cell("a")).isEqualTo(before);
    applied(answer(session.write(Optional.empty(), deletion)));
  }

  @Test
  void ephemeralCellsGoWithTheirSessionAndOthersStay() {
    StoreSession session = session();
    List<Mutation> writes =
        List.of(
            new Mutation(key("mine"), Expected.absent(), text("1"), true),
            put("everyones", Expected.absent(), "2"));
    applied(answer(session.write(Optional.empty(), writes)));
    assertThat(cell("mine").text()).isEqualTo("1");
    answer(session.close());

    eventually(() -> assertThat(isEmpty("mine")).isTrue());
    Versioned staying = cell("everyones");
    assertThat(staying.text()).isEqualTo("2");
    applied(answer(probe.write(List.of(delete("everyones", staying.version())))));
  }

  @Test
  void anEphemeralCellThatWasDeletedAndCreatedByAnotherStaysWhenItsFirstSessionEnds() {
    StoreSession session = session();
    Mutation creation = new Mutation(key("k"), Expected.absent(), text("1"), true);
    applied(answer(session.write(Optional.empty(), List.of(creation))));
    applied(answer(probe.write(List.of(delete("k", cell("k").version())))));
    applied(answer(probe.write(List.of(put("k", Expected.absent(), "2")))));
    answer(session.close());

    Versioned staying = cell("k");
    assertThat(staying.text()).isEqualTo("2");
    applied(answer(probe.write(List.of(delete("k", staying.version())))));
  }
}
