package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.FencingToken;
import io.tenure.fencing.ClaimRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FencingVerifierTest {
  private static final String NAME = "accounts/42";

  private final FencingVerifier verifier =
      FencingVerifier.builder().waitForOlderRequests(Duration.ofSeconds(50)).build();
  private final ExecutorService otherThreads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws InterruptedException {
    otherThreads.shutdownNow();
    assertThat(otherThreads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void letsAClaimInAndGivesItBack() {
    try (FencingVerifier.Passage passage = verifier.admit(NAME, List.of(claim(5).toText()))) {
      assertThat(passage.claim()).isEqualTo(claim(5));
    }
  }

  @Test
  void refusesTheDelayedRequestOfAnEarlierTenureAlthoughItsOwnerLeadsAgain() {
    verifier.admit(NAME, claim("b", 2)).close();
    verifier.admit(NAME, claim("a", 3)).close();
    ClaimRefusedException refusal = refusal(claim("a", 1));
    assertThat(refusal.reason()).isEqualTo(Reason.STALE);
    assertThat(refusal.expected()).contains(FencingToken.of(3));
  }

  @Test
  void letsRequestsOfOneTokenRunSideBySide() {
    try (FencingVerifier.Passage first = verifier.admit(NAME, claim(5));
        FencingVerifier.Passage second = verifier.admit(NAME, claim(5))) {
      assertThat(first).isNotSameAs(second);
    }
  }

  @Test
  void aNewerTokenWaitsForTheRequestsOfTheOlderOneAndNoneOfThoseBeginsMeanwhile() throws Exception {
    FencingVerifier.Passage older = verifier.admit(NAME, claim(5));
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<FencingVerifier.Passage> newer =
        otherThreads.submit(
            () -> {
              waiter.set(Thread.currentThread());
              return verifier.admit(NAME, claim(6));
            });
    awaitWaiting(waiter);
    assertThat(refusal(claim(5)).expected()).contains(FencingToken.of(6));
    assertThat(newer).isNotDone();
    older.close();
    newer.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void aTokenThatIsOvertakenWhileItWaitsIsNotLetIn() throws Exception {
    FencingVerifier.Passage older = verifier.admit(NAME, claim(5));
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<?> overtaken =
        otherThreads.submit(
            () -> {
              waiter.set(Thread.currentThread());
              return refusal(claim(6)).reason();
            });
    awaitWaiting(waiter);
    Future<FencingVerifier.Passage> newest =
        otherThreads.submit(() -> verifier.admit(NAME, claim(7)));
    awaitMark(7);
    older.close();
    newest.get(20, TimeUnit.SECONDS).close();
    assertThat(overtaken.get(20, TimeUnit.SECONDS)).isEqualTo(Reason.STALE);
  }

  @Test
  void closingAPassageAgainDoesNotEndAnother() {
    FencingVerifier impatient =
        FencingVerifier.builder().waitForOlderRequests(Duration.ZERO).build();
    FencingVerifier.Passage one = impatient.admit(NAME, claim(5));
    FencingVerifier.Passage another = impatient.admit(NAME, claim(5));
    one.close();
    one.close();
    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(() -> impatient.admit(NAME, claim(6)))
        .withMessage("1 requests of the older token 5 have not ended within 0 ms")
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(Reason.UNCHECKED);
    another.close();
    impatient.admit(NAME, claim(6)).close();
  }

  @Test
  void anInterruptEndsTheWaitingAndStaysSet() throws Exception {
    FencingVerifier.Passage older = verifier.admit(NAME, claim(5));
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<Boolean> interrupted =
        otherThreads.submit(
            () -> {
              waiter.set(Thread.currentThread());
              assertThat(refusal(claim(6)).reason()).isEqualTo(Reason.UNCHECKED);
              return Thread.interrupted();
            });
    awaitWaiting(waiter);
    waiter.get().interrupt();
    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    older.close();
  }

  @Test
  void letsANumberedRequestInOnce() {
    verifier.admit(NAME, claim(5).withSequence(1)).close();
    verifier.admit(NAME, claim(5).withSequence(3)).close();
    assertThat(refusal(claim(5).withSequence(3)))
        .hasMessage("sequence 3 of token 5 on 'accounts/42' was let pass before")
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(Reason.REPEATED);
    assertThat(refusal(claim(5).withSequence(2)))
        .hasMessage("sequence 2 of token 5 on 'accounts/42' was overtaken by a greater one")
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(Reason.OVERTAKEN);
    verifier.admit(NAME, claim(5)).close();
    verifier.admit(NAME, claim(6).withSequence(1)).close();
  }

  @Test
  void aRepeatedRequestDoesNotHoldUpNewerTokens() {
    verifier.admit(NAME, claim(5).withSequence(1)).close();
    refusal(claim(5).withSequence(1));
    verifier.admit(NAME, claim(6)).close();
  }

  @Test
  void refusesAClaimOnAnotherNameThanTheResourceIsGuardedBy() {
    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(() -> verifier.admit("accounts/43", claim(5)))
        .withMessage(
            "the claim is on 'accounts/42', but what was asked for is guarded by 'accounts/43'")
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(Reason.WRONG_NAME);
  }

  @Test
  void refusesNoClaimAndSeveralAndGarbage() {
    String good = claim(5).toText();
    assertThat(refusal(List.of()).reason()).isEqualTo(Reason.MISSING);
    assertThat(refusal(List.of(good, good)).reason()).isEqualTo(Reason.MALFORMED);
    assertThat(refusal(List.of("garbage")).reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void tellsTheSenderWhichTokenWasExpectedInTheBodyOfTheRefusal() {
    verifier.admit(NAME, claim(6)).close();
    assertThat(refusal(claim(5)).problemJson())
        .isEqualTo(
            "{\"type\":\"urn:tenure:claim:stale\",\"title\":\"The token is stale\",\"status\":409,"
                + "\"detail\":\"token 5 is stale for resource 'accounts/42', which has already seen"
                + " token 6: there is a newer holder, and this one's writes are refused\","
                + "\"expectedToken\":\"6\"}");
  }

  @Test
  void escapesWhatASenderWroteInTheBodyOfTheRefusal() {
    FencingClaim hostile =
        new FencingClaim(
            "\"},{\\\u00e9\ud83d\ude00", "o", FencingToken.of(1), OptionalLong.empty());
    assertThat(refusal(hostile).problemJson())
        .contains("the claim is on '\\\"},{\\\\\\u00e9\\ud83d\\ude00', but");
  }

  @Test
  void marksThatFailLetNobodyInAndHoldNobodyUp() {
    FencingVerifier broken =
        FencingVerifier.builder()
            .marksIn(
                claim -> {
                  throw new IllegalStateException("planned");
                })
            .waitForOlderRequests(Duration.ZERO)
            .build();
    for (long token : new long[] {1, 2}) {
      assertThatExceptionOfType(ClaimRefusedException.class)
          .isThrownBy(() -> broken.admit(NAME, claim(token)))
          .withRootCauseInstanceOf(IllegalStateException.class)
          .extracting(ClaimRefusedException::reason)
          .isEqualTo(Reason.UNCHECKED);
    }
  }

  @Test
  void aNameOfTheReceiversThatIsNotAllowedIsItsMistakeAndNoRefusal() {
    assertThatIllegalArgumentException().isThrownBy(() -> verifier.admit("", List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> verifier.admit("", claim(5)));
  }

  @Test
  void refusesUnsafeSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FencingVerifier.builder().waitForOlderRequests(Duration.ofMillis(-1)))
        .withMessage("the wait for older requests is zero or more, but this is -1 ms");
  }

  private ClaimRefusedException refusal(FencingClaim claim) {
    return refusal(List.of(claim.toText()));
  }

  private ClaimRefusedException refusal(List<String> values) {
    try {
      verifier.admit(NAME, values).close();
    } catch (ClaimRefusedException e) {
      return e;
    }
    throw new AssertionError(values + " was let in");
  }

  private static FencingClaim claim(long token) {
    return claim("a", token);
  }

  private static FencingClaim claim(String owner, long token) {
    return new FencingClaim(NAME, owner, FencingToken.of(token), OptionalLong.empty());
  }

  /* The wait in the gate is the only one with a bound. */
  private static void awaitWaiting(AtomicReference<Thread> thread) {
    await(() -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);
  }

  private void awaitMark(long token) {
    await(() -> refusal(claim(1)).expected().equals(Optional.of(FencingToken.of(token))));
  }

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > Duration.ofSeconds(20).toNanos()) {
        throw new AssertionError("not within 20 s");
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }
}
