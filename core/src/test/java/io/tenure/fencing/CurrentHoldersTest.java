package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.BackendUnavailableException;
import io.tenure.Candidate;
import io.tenure.FencingToken;
import io.tenure.fencing.ClaimRefusedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How old an answer of the store may be; the tests of the adapters ask a real one. */
class CurrentHoldersTest {
  private static final long MAX_AGE = 100;

  private long now = Long.MAX_VALUE - 50; // the ticker may overflow
  private final Store store = new Store();
  private final CurrentHolders holders = new CurrentHolders(store::holder, MAX_AGE, () -> now);

  /** A store whose answer is set, and which counts how often it is asked. */
  private static final class Store {
    Optional<Candidate> holder = Optional.empty();
    Optional<RuntimeException> failure = Optional.empty();
    int asked;

    void holds(String id, long token) {
      holder = Optional.of(new Candidate(id, "host", 1, Map.of(), FencingToken.of(token)));
    }

    CompletableFuture<Optional<Candidate>> holder(String name) {
      asked++;
      return failure
          .<CompletableFuture<Optional<Candidate>>>map(CompletableFuture::failedFuture)
          .orElseGet(() -> CompletableFuture.completedFuture(holder));
    }
  }

  @Test
  void asksOnceForManyClaimsWithinTheAgeAndAgainAfterIt() throws Exception {
    store.holds("a", 5);
    confirm("a", 5);
    now += MAX_AGE;
    confirm("a", 5);
    assertThat(store.asked).isEqualTo(1);
    now += 1;
    confirm("a", 5);
    assertThat(store.asked).isEqualTo(2);
  }

  @Test
  void letsAFormerHolderInForNoLongerThanTheAge() throws Exception {
    store.holds("a", 5);
    confirm("a", 5);
    store.holds("b", 6);
    now += MAX_AGE;
    confirm("a", 5);
    now += 1;
    assertThat(refusal("a", 5).expected()).contains(FencingToken.of(6));
  }

  @Test
  void asksAgainForAHolderThatTheLastAnswerDoesNotKnow() throws Exception {
    store.holds("a", 5);
    confirm("a", 5);
    store.holds("b", 6);
    now += 1;
    confirm("b", 6);
    assertThat(store.asked).isEqualTo(2);
  }

  @Test
  void doesNotAskAgainForATokenThatTheLastAnswerHasLeftBehind() throws Exception {
    store.holds("b", 6);
    confirm("b", 6);
    now += 1;
    assertThat(refusal("a", 5))
        .hasMessage(
            "the claim is of 'a' with token 5 on 'n', but in the store 'b' with token 6 holds it");
    assertThat(store.asked).isEqualTo(1);
  }

  @Test
  void refusesTheRightTokenOfAnotherOwnerAndTheRightOwnerWithAnotherToken() {
    store.holds("a", 5);
    assertThat(refusal("b", 5).reason()).isEqualTo(Reason.NOT_CURRENT);
    assertThat(refusal("a", 6).reason()).isEqualTo(Reason.NOT_CURRENT);
    assertThat(refusal("a", 4).reason()).isEqualTo(Reason.NOT_CURRENT);
  }

  @Test
  void refusesEveryClaimWhileNobodyHoldsTheName() {
    ClaimRefusedException refusal = refusal("a", 5);
    assertThat(refusal.reason()).isEqualTo(Reason.NOT_CURRENT);
    assertThat(refusal.expected()).isEmpty();
    assertThat(refusal)
        .hasMessage("the claim is of 'a' with token 5 on 'n', but in the store nobody holds it");
  }

  @Test
  void refusesWhenTheStoreCannotBeAskedAndDoesNotRememberThat() throws Exception {
    store.holds("a", 5);
    store.failure = Optional.of(new BackendUnavailableException("planned"));
    assertThat(refusal("a", 5))
        .hasRootCauseInstanceOf(BackendUnavailableException.class)
        .extracting(ClaimRefusedException::reason)
        .isEqualTo(Reason.UNCHECKED);
    store.failure = Optional.empty();
    confirm("a", 5);
  }

  @Test
  void aVerifierThatIsToldToAsksTheStore() {
    store.holds("b", 6);
    FencingVerifier verifier =
        FencingVerifier.builder().confirmedBy(store::holder, Duration.ZERO).build();

    verifier.admit("n", claim("b", 6)).close();
    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(() -> verifier.admit("n", claim("c", 7)))
        .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.NOT_CURRENT));
  }

  private void confirm(String owner, long token) throws InterruptedException {
    holders.confirm(claim(owner, token));
  }

  private ClaimRefusedException refusal(String owner, long token) {
    ClaimRefusedException[] refused = new ClaimRefusedException[1];
    assertThatExceptionOfType(ClaimRefusedException.class)
        .isThrownBy(() -> confirm(owner, token))
        .satisfies(refusal -> refused[0] = refusal);
    return refused[0];
  }

  private static FencingClaim claim(String owner, long token) {
    return new FencingClaim("n", owner, FencingToken.of(token), OptionalLong.empty());
  }
}
