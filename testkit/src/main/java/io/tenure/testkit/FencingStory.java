package io.tenure.testkit;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Lease;
import io.tenure.fencing.FencingClaim;
import io.tenure.testkit.SentRequest.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the stories of {@link FencingScenarioContract} share: a cast for each, and how they speak.
 */
@Timeout(120)
abstract class FencingStory {
  /** The election, the lock and the resource that it guards. */
  static final String NAME = "account";

  /** Longer than a session of any store's lives on when nobody renews it, on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final FencingScenarioContract contract;
  final BackendFixture fixture;
  final String namespace = "fencing-" + UUID.randomUUID().toString().substring(0, 8);
  final Clients clients;

  FencingStory(FencingScenarioContract contract) {
    this.contract = contract;
    fixture = contract.fixture();
    clients = new Clients(fixture, namespace);
  }

  @AfterEach
  void everybodyLeaves() {
    clients.close();
  }

  /** Leads as soon as what stands before it has left or run out. */
  final Lease lead(Member member) {
    CompletableFuture<Lease> leading = member.latch(NAME).start().awaitAsync();
    eventually(PATIENCE, () -> assertThat(leading).isDone());
    return answer(leading);
  }

  static FencingClaim claim(Member owner, Lease lease) {
    return FencingClaim.of(lease, owner.client().candidate());
  }

  static SentRequest send(TcpProxy cable, FencingClaim claim, String order) throws IOException {
    return SentRequest.send(cable.port(), Register.DOOR, claim, order);
  }

  static Answer ask(Register register, FencingClaim claim, String order) throws IOException {
    return SentRequest.send(register.port(), Register.DOOR, claim, order).answer();
  }
}
