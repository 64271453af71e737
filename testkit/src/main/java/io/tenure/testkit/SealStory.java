package io.tenure.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Lease;
import io.tenure.fencing.FencingClaim;
import io.tenure.testkit.SentRequest.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A's credit of 50 is late, and arrives when B has read and not written yet. */
abstract class SealStory extends FencingStory {
  SealStory(FencingScenarioContract contract) {
    super(contract);
  }

  @Test
  void aLeaderThatReadsBeforeItSealsLosesAnUpdateThatWasAcknowledged() throws IOException {
    try (Register register = Register.guarded(NAME)) {
      Answer credit = tell(register, Register.WINDOW);

      assertThat(credit.status()).isEqualTo(200);
      assertThat(register.number()).as("credited, and lost").isEqualTo(Register.AT_FIRST - 30);
    }
  }

  @Test
  void aLeaderThatSealsBeforeItReadsLosesNothing() throws IOException {
    try (Register register = Register.guarded(NAME)) {
      Answer credit = tell(register, Register.DOOR);

      assertThat(credit.status()).as("not credited, and A knows").isEqualTo(409);
      assertThat(register.number()).isEqualTo(Register.AT_FIRST - 30);
    }
  }

  /**
   * Tells the story.
   *
   * @param path where B reads; at the door its claim is admitted, and so seals
   * @return what A hears of its credit
   */
  private Answer tell(Register register, String path) throws IOException {
    Member a = clients.join("a");
    Member b = clients.join("b");
    Lease first = lead(a);
    try (TcpProxy cable = TcpProxy.to("127.0.0.1", register.port())) {
      cable.cut();
      try (SentRequest late = send(cable, claim(a, first), "add 50")) {
        a.close();
        FencingClaim second = claim(b, lead(b));
        Answer read = SentRequest.send(register.port(), path, second, "get").answer();
        cable.heal();
        Answer credit = late.answer();
        int next = Integer.parseInt(read.body()) - 30;
        assertThat(ask(register, second, "set " + next).status()).isEqualTo(200);
        return credit;
      }
    }
  }
}
