package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.testkit.SentRequest.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A leads and sends R1, which is delayed; B leads and sends R2; A leads again; R1 arrives. */
abstract class LateRequestStory extends FencingStory {
  LateRequestStory(FencingScenarioContract contract) {
    super(contract);
  }

  /** How the story ended: what became of R1, and whose turn was the second and the third. */
  private record Ending(Answer r1, Lease second, Lease third) {}

  @Test
  void aRequestOfAnEarlierTenureIsRefusedAlthoughItsSenderLeadsAgain() throws IOException {
    Member a = clients.joinAttentive("a");
    try (Register register = Register.guarded(NAME)) {
      Ending ending = tell(register, a);

      assertThat(ending.r1().status()).isEqualTo(409);
      assertThat(ending.r1().body())
          .contains("\"expectedToken\":\"" + ending.second().token() + "\"");
      assertThat(register.number()).isEqualTo(2);
      assertThat(ask(register, claim(a, ending.third()), "set 3").status()).isEqualTo(200);
    }
  }

  @Test
  void aRegisterThatAsksWhoLeadsIsFooledAndLosesWhatTheOtherWrote() throws IOException {
    Member a = clients.joinAttentive("a");
    try (Register register = Register.askingWhoLeads(clients.join("register").election(NAME))) {
      Ending ending = tell(register, a);

      assertThat(ending.r1().status()).isEqualTo(200);
      assertThat(register.number()).as("set to 2 by R2, and then to 1 by R1").isEqualTo(1);
    }
  }

  private Ending tell(Register register, Member a) throws IOException {
    Member b = clients.joinAttentive("b");
    LeaderLatch latchOfA = a.latch(NAME).start();
    Lease first = answer(latchOfA.awaitAsync());
    LeaderLatch latchOfB = b.latch(NAME).start();
    try (TcpProxy cable = TcpProxy.to("127.0.0.1", register.port())) {
      cable.cut();
      try (SentRequest r1 = send(cable, claim(a, first), "set 1")) {
        fixture.expireSession(a.session());
        Lease second = answer(latchOfB.awaitAsync());
        assertThat(ask(register, claim(b, second), "set 2").status()).isEqualTo(200);

        answer(first.lost());
        b.cutOff();
        fixture.expireSession(b.session());
        Lease third = answer(latchOfA.awaitAsync());
        assertThat(third.token().isNewerThan(second.token())).isTrue();
        cable.heal();
        return new Ending(r1.answer(), second, third);
      }
    }
  }
}
