package io.tenure.testkit;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.fencing.FencingClaim;
import io.tenure.testkit.SentRequest.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A's order is applied, the answer comes too late for A, and A sends the order again. */
abstract class RepeatedRequestStory extends FencingStory {
  private static final String DEBIT = "add -30";

  RepeatedRequestStory(FencingScenarioContract contract) {
    super(contract);
  }

  @Test
  void anOrderThatIsSentAgainAfterATimeOutIsAppliedOnceIfItIsNumbered() throws IOException {
    Member a = clients.join("a");
    try (Register register = Register.guarded(NAME)) {
      Answer again = tell(register, claim(a, lead(a)).withSequence(1));

      assertThat(again.status()).isEqualTo(409);
      assertThat(again.body()).contains("urn:tenure:claim:repeated");
      assertThat(register.number()).isEqualTo(Register.AT_FIRST - 30);
    }
  }

  @Test
  void aTokenAloneDoesNotTellAnOrderThatIsSentAgainFromASecondOne() throws IOException {
    Member a = clients.join("a");
    try (Register register = Register.guarded(NAME)) {
      Answer again = tell(register, claim(a, lead(a)));

      assertThat(again.status()).isEqualTo(200);
      assertThat(register.number()).as("debited twice").isEqualTo(Register.AT_FIRST - 60);
    }
  }

  private static Answer tell(Register register, FencingClaim claim) throws IOException {
    try (TcpProxy cable = TcpProxy.to("127.0.0.1", register.port())) {
      CompletableFuture<Void> answers = register.holdAnswers();
      SentRequest once = send(cable, claim, DEBIT);
      eventually(() -> assertThat(register.orders()).isOne());
      cable.cut();
      answers.complete(null);
      assertThat(once.timesOut(Duration.ofMillis(200))).isTrue();
      cable.heal();
      return ask(register, claim, DEBIT);
    }
  }
}
