package io.tenure.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.testkit.LateLeader.Part;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A looks at its lease, stands still for longer than that lasts, and writes. */
abstract class PausedLeaderStory extends FencingStory {
  PausedLeaderStory(FencingScenarioContract contract) {
    super(contract);
  }

  @Test
  void aLeaderThatWasPausedBetweenItsLookAtTheLeaseAndItsWriteIsRefusedWhereItsClaimIsChecked()
      throws IOException, InterruptedException {
    try (Register guarded = Register.guarded(NAME);
        Register open = Register.unguarded();
        PausedLeader a = late(guarded, open)) {
      FencingToken first = token(a.line());
      a.pause();
      Member b = clients.join("b");
      Lease second = lead(b);
      assertThat(second.token().isNewerThan(first)).isTrue();
      for (Register register : List.of(guarded, open)) {
        assertThat(ask(register, claim(b, second), "set 2").status()).isEqualTo(200);
      }
      a.resume();

      assertThat(a.line()).isEqualTo("guarded 409");
      assertThat(a.line()).isEqualTo("open 200");
      assertThat(a.line()).isEqualTo("holds it no more");
      assertThat(guarded.number()).isEqualTo(2);
      assertThat(open.number()).as("set to 2 by B, and then by A").isEqualTo(LateLeader.WRITES);
    }
  }

  private PausedLeader late(Register guarded, Register open) {
    Part part =
        new Part(
            namespace,
            NAME,
            fixture.ttl(),
            fixture.renewEvery(),
            fixture.safetyMargin(),
            guarded.port(),
            open.port());
    return contract
        .startLeader(part.toArguments())
        .map(PausedLeader::of)
        .orElseGet(() -> PausedLeader.of(clients.joinShortLived(LateLeader.CANDIDATE), part));
  }

  private static FencingToken token(String line) {
    assertThat(line).startsWith("holds ");
    return FencingToken.of(Long.parseLong(line.substring("holds ".length())));
  }
}
