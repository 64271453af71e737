package io.tenure.cli;

import static io.tenure.testkit.Eventually.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.ClientBuilder;
import io.tenure.CoordinationClient;
import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.LossReason;
import io.tenure.fencing.InMemoryFencingGuard;
import io.tenure.fencing.StaleTokenException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store loses history under a holder; an operator raises the generation with the command. */
@Timeout(180)
abstract class LostHistoryContract {
  private static final String NAMESPACE = "shop";

  /** More writes than a fresh store makes for itself. */
  private static final int WRITES = 60;

  private final InMemoryFencingGuard guard = new InMemoryFencingGuard();
  private CoordinationClient holder;

  /** The store's URI, as the command takes it. */
  abstract String uri();

  /** The settings of a client that is there when history is lost. */
  abstract void settle(ClientBuilder builder);

  /** What that client is told. */
  abstract LossReason told();

  /** Takes away what was written since {@link #remember()}. */
  abstract void loseHistory() throws Exception;

  /** Takes a backup, where history is lost by restoring one. */
  void remember() throws Exception {}

  /** Writes the generation as an operator does without us, with the store's own means. */
  abstract void writeGeneration(String text) throws Exception;

  @AfterEach
  void closeHolder() {
    if (holder != null) {
      holder.close();
    }
  }

  private Lease hold() throws InterruptedException {
    ClientBuilder builder = builder().leaseTtl(Duration.ofSeconds(60));
    settle(builder);
    holder = builder.build();
    for (int i = 0; i < WRITES; i++) {
      holder.lock("warm").acquire().close();
    }
    Lease lease = holder.lock("x").acquire();
    guard.admit("resource", lease.token());
    return lease;
  }

  private ClientBuilder builder() {
    return CoordinationClient.builder(StoreKind.connectTo(uri(), Access.PLAIN))
        .namespace(NAMESPACE);
  }

  private FencingToken nextToken() throws Exception {
    try (CoordinationClient next = builder().build();
        Lease lease = answer(next.lock("x").acquireAsync())) {
      return lease.token();
    }
  }

  final Ran generation(String what) {
    return Ran.command("generation " + what + " --namespace " + NAMESPACE + " --store " + uri());
  }

  private void assertRan(Ran ran, String sentence) {
    assertThat(ran)
        .isEqualTo(
            new Ran(
                TenureCommand.DONE,
                "the generation of namespace 'shop' " + sentence + System.lineSeparator(),
                ""));
  }

  @Test
  void theNextHolderIsAdmittedAndTheFormerOneRefusedOnceTheGenerationIsRaised() throws Exception {
    remember();
    Lease lease = hold();
    loseHistory();
    assertThat(answer(lease.lost())).isEqualTo(told());
    holder.close();

    assertRan(generation("raise"), "was raised from 0 to 1");
    FencingToken next = nextToken();
    assertThat(next.isNewerThan(lease.token())).isTrue();
    guard.admit("resource", next);
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.admit("resource", lease.token()));
  }

  @Test
  void withoutThatTokensGoBackAndNobodyCanWrite() throws Exception {
    remember();
    Lease lease = hold();
    loseHistory();
    assertThat(answer(lease.lost())).isEqualTo(told());
    holder.close();

    assertRan(generation("show"), "is 0");
    FencingToken next = nextToken();
    assertThat(lease.token().isNewerThan(next)).isTrue();
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> guard.admit("resource", next));
  }

  @Test
  void whatWasWrittenWithTheStoresOwnToolIsRaisedAndMayBeWrittenOver() throws Exception {
    writeGeneration("3");
    assertRan(generation("show"), "is 3");
    assertRan(generation("raise"), "was raised from 3 to 4");
    assertThat(nextToken().generation()).isEqualTo(4);
    writeGeneration("6");
    assertThat(nextToken().generation()).isEqualTo(6);
    assertRan(generation("raise --to 5"), "is 6 already; nothing was changed");
    assertRan(generation("raise --to 9"), "was raised from 6 to 9");
    assertRan(generation("raise --to 9"), "is 9 already; nothing was changed");

    writeGeneration("many");
    Ran refused = generation("raise");
    assertThat(refused.code()).isEqualTo(TenureCommand.NOT_DONE);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines()).singleElement().asString().contains("'many'", "'shop'");
  }
}
