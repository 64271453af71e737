package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.BackendRefusedException;
import io.tenure.BackendUnavailableException;
import io.tenure.Expected;
import io.tenure.FencingToken;
import io.tenure.Generation;
import io.tenure.Generation.Raised;
import io.tenure.Lease;
import io.tenure.OutcomeUnknownException;
import io.tenure.Versioned;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator raises the generation, and tokens grow though the store's revisions may not. */
abstract class GenerationContract extends ContractGroup {
  private final FaultyBackend backend;
  private final Generation generation;

  GenerationContract(BackendContract contract) {
    super(contract);
    backend = FaultyBackend.around(fixture.newBackend());
    generation = Generation.of(backend, namespace);
  }

  @AfterEach
  void takeAwayTheGeneration() {
    cell().ifPresent(cell -> write(Expected.version(cell.version()), Optional.empty()));
  }

  @Test
  void aGenerationThatWasNeverSetIsZero() throws InterruptedException {
    assertThat(generation.read()).isZero();
    assertThat(cell()).isEmpty();
  }

  @Test
  void everyRaiseMakesGreaterTokens() throws InterruptedException {
    FencingToken first = once("a");
    assertThat(generation.raise()).isEqualTo(new Raised(0, 1));
    FencingToken second = once("b");
    assertThat(generation.raise()).isEqualTo(new Raised(1, 2));
    FencingToken third = once("c");

    assertThat(List.of(first, second, third)).isSorted();
    assertThat(third.generation()).isEqualTo(2);
    assertThat(generation.read()).isEqualTo(2);
  }

  @Test
  void raisingToANumberTwiceIsTheSameAndNothingLowers() throws InterruptedException {
    assertThat(generation.raiseTo(7)).isEqualTo(new Raised(0, 7));
    long version = cell().orElseThrow().version();

    assertThat(generation.raiseTo(7)).isEqualTo(new Raised(7, 7));
    assertThat(generation.raiseTo(3)).isEqualTo(new Raised(7, 7));
    assertThat(generation.raiseTo(0)).isEqualTo(new Raised(7, 7));
    assertThat(cell().orElseThrow().version()).isEqualTo(version);
  }

  @Test
  void theLastGenerationIsNotRaised() throws InterruptedException {
    generation.raiseTo(FencingToken.MAX_GENERATION);

    assertThatIllegalStateException()
        .isThrownBy(generation::raise)
        .withMessageContaining(namespace)
        .withMessageContaining("cannot be raised");
    assertThat(generation.read()).isEqualTo(FencingToken.MAX_GENERATION);
    assertThat(once("a").generation()).isEqualTo(FencingToken.MAX_GENERATION);
  }

  @Test
  void aNumberOutOfTheRangeIsRefusedAtTheDoor() {
    for (int wrong : List.of(-1, FencingToken.MAX_GENERATION + 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generation.raiseTo(wrong))
          .withMessageContaining("0 to 255")
          .withMessageContaining(String.valueOf(wrong));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Generation.of(backend, "a//b"))
        .withMessageContaining("segment");
    assertThat(backend.calls(StoreCall.GET)).isZero();
  }

  @Test
  void whatAnOperatorWroteByHandCountsWithTheBlanksAroundIt() throws InterruptedException {
    write(Expected.absent(), Optional.of(" 4\n"));

    assertThat(generation.read()).isEqualTo(4);
    assertThat(generation.raise()).isEqualTo(new Raised(4, 5));
    assertThat(once("a").generation()).isEqualTo(5);
  }

  @Test
  void whatIsNoGenerationIsShownAndLeftAsItIs() {
    for (String garbage : List.of("three", "256", "-1", "")) {
      write(
          cell().map(is -> Expected.version(is.version())).orElse(Expected.absent()),
          Optional.of(garbage));
      assertThatExceptionOfType(BackendRefusedException.class)
          .isThrownBy(generation::read)
          .withMessageContaining("'" + garbage + "'")
          .withMessageContaining(namespace);
      assertThatExceptionOfType(BackendRefusedException.class).isThrownBy(generation::raise);
      assertThatExceptionOfType(BackendRefusedException.class)
          .isThrownBy(() -> generation.raiseTo(9))
          .withMessageContaining("'" + garbage + "'");
      assertThat(cell().orElseThrow().text()).isEqualTo(garbage);
    }
  }

  @Test
  void aRaiseWhoseAnswerWasLostIsFoundToBeDoneAndNotDoneTwice() throws InterruptedException {
    backend.next(StoreCall.WRITE).loseAnswer();
    assertThat(generation.raise()).isEqualTo(new Raised(0, 1));
    assertThat(backend.calls(StoreCall.WRITE)).isOne();
    assertThat(generation.read()).isOne();
  }

  @Test
  void aRaiseThatMayNotHaveArrivedIsSentAgain() throws InterruptedException {
    backend.next(StoreCall.WRITE).fail(Outcome.UNKNOWN);
    assertThat(generation.raise()).isEqualTo(new Raised(0, 1));
    assertThat(generation.read()).isOne();
  }

  @Test
  void aRaiseWhoseFateCannotBeReadIsUnknown() throws InterruptedException {
    // Two reads come before the write: what is raised, and whether it still is to be.
    HeldAnswer first = backend.next(StoreCall.GET).holdAnswer();
    HeldAnswer second = backend.next(StoreCall.GET).holdAnswer();
    backend.next(StoreCall.GET).fail(Outcome.NOT_DONE);
    backend.next(StoreCall.WRITE).loseAnswer();
    first.deliver();
    second.deliver();

    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(generation::raise);
    assertThat(generation.read()).isOne();
  }

  @Test
  void aStoreThatDoesNotAnswerLeavesItUnknownOrUndoneAndNeverDone() throws InterruptedException {
    backend.each(StoreCall.WRITE).fail(Outcome.UNKNOWN);
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(generation::raise);
    backend.each(StoreCall.WRITE).fail(Outcome.NOT_DONE);
    assertThatExceptionOfType(BackendUnavailableException.class).isThrownBy(generation::raise);
    backend.each(StoreCall.WRITE).fail(Outcome.REFUSED);
    assertThatExceptionOfType(BackendRefusedException.class).isThrownBy(generation::raise);
    backend.each(StoreCall.GET).fail(Outcome.UNKNOWN);
    assertThatExceptionOfType(BackendUnavailableException.class).isThrownBy(generation::raise);
    backend.clear();
    assertThat(generation.read()).isZero();
  }

  @Test
  void ofManyWhoRaiseAtOnceNoneLowers() throws InterruptedException {
    List<Caller<Raised>> raising =
        IntStream.rangeClosed(1, 6)
            .mapToObj(least -> Caller.start(() -> generation.raiseTo(least)))
            .toList();
    for (int i = 0; i < raising.size(); i++) {
      assertThat(answer(raising.get(i).result()).now()).isGreaterThanOrEqualTo(i + 1);
    }
    assertThat(generation.read()).isEqualTo(6);
  }

  @Test
  void whoIsOvertakenBetweenLookAndWriteLooksAgain() {
    HeldAnswer look = backend.next(StoreCall.GET).holdAnswer();
    Caller<Raised> raising = Caller.start(() -> generation.raiseTo(7));
    look.awaitAnswer();
    write(Expected.absent(), Optional.of("3"));
    look.deliver();
    assertThat(answer(raising.result())).isEqualTo(new Raised(0, 7));
    assertThat(cell().orElseThrow().text()).isEqualTo("7");

    HeldAnswer again = backend.next(StoreCall.GET).holdAnswer();
    Caller<Raised> late = Caller.start(() -> generation.raiseTo(8));
    again.awaitAnswer();
    write(Expected.version(cell().orElseThrow().version()), Optional.of("9"));
    again.deliver();
    assertThat(answer(late.result())).isEqualTo(new Raised(7, 9));
    assertThat(cell().orElseThrow().text()).isEqualTo("9");
  }

  /** Why no client may run meanwhile. */
  @Test
  void aSessionKeepsTheGenerationThatItWasOpenedWith() throws InterruptedException {
    Member a = clients.join("a");
    Lease before = a.lock("x").acquire();
    generation.raise();
    Lease after = a.lock("y").acquire();

    assertThat(before.token().generation()).isZero();
    assertThat(after.token().generation()).isZero();
    assertThat(once("b").generation()).isOne();
  }

  private FencingToken once(String candidate) throws InterruptedException {
    try (Lease lease = clients.join(candidate).lock("once").acquire()) {
      return lease.token();
    }
  }

  private Optional<Versioned> cell() {
    return answer(probe.get(namespace + "/generation"));
  }

  private void write(Expected expected, Optional<String> text) {
    Optional<byte[]> bytes = text.map(chars -> chars.getBytes(StandardCharsets.UTF_8));
    Mutation mutation = new Mutation(namespace + "/generation", expected, bytes, false);
    assertThat(answer(probe.write(List.of(mutation)))).isInstanceOf(WriteOutcome.Applied.class);
  }
}
