package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tenure.FencingToken;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stories of the package documentation, each with a guard that gets it wrong beside it. */
class FencingRationaleTest {
  private static final String RESOURCE = "register";

  /** Something that takes requests of leaders and applies those that it believes. */
  private interface Receiver {
    void elected(String candidate);

    void receive(String sender, long token, String write);

    List<String> applied();
  }

  /** The broken twin: it asks who sent a request, not in which tenure it was sent. */
  private static final class OwnerIdReceiver implements Receiver {
    private final List<String> applied = new ArrayList<>();
    private String leader = "";

    @Override
    public void elected(String candidate) {
      leader = candidate;
    }

    @Override
    public void receive(String sender, long token, String write) {
      if (sender.equals(leader)) {
        applied.add(write);
      }
    }

    @Override
    public List<String> applied() {
      return applied;
    }
  }

  private static final class TokenReceiver implements Receiver {
    private final InMemoryFencingGuard guard = new InMemoryFencingGuard();
    private final List<String> applied = new ArrayList<>();
    private final List<Long> refused = new ArrayList<>();

    @Override
    public void elected(String candidate) {
      /* It does not need to know. */
    }

    @Override
    public void receive(String sender, long token, String write) {
      try {
        guard.admit(RESOURCE, FencingToken.of(token), () -> applied.add(write));
      } catch (StaleTokenException e) {
        refused.add(e.presented().value());
      }
    }

    @Override
    public List<String> applied() {
      return applied;
    }
  }

  /* A leads, R1 is delayed; B leads, R2 is applied; B dies and A leads again; now R1 arrives. */
  private static void delayedRequestOfAnOwnerThatLeadsAgain(Receiver receiver) {
    receiver.elected("A"); // token 1, R1 is on its way
    receiver.elected("B");
    receiver.receive("B", 2, "R2");
    receiver.elected("A"); // token 3
    receiver.receive("A", 1, "R1");
  }

  /* The same without anyone else. */
  private static void delayedRequestOfTheOnlyCandidate(Receiver receiver) {
    receiver.elected("A"); // token 1, W1 is on its way
    receiver.elected("A"); // token 2
    receiver.receive("A", 2, "W2");
    receiver.receive("A", 1, "W1");
  }

  @Test
  void anOwnerIdGuardAppliesTheStaleWrite() {
    Receiver broken = new OwnerIdReceiver();
    delayedRequestOfAnOwnerThatLeadsAgain(broken);
    assertThat(broken.applied()).containsExactly("R2", "R1");
  }

  @Test
  void anOwnerIdGuardIsFooledByASingleProcess() {
    Receiver broken = new OwnerIdReceiver();
    delayedRequestOfTheOnlyCandidate(broken);
    assertThat(broken.applied()).containsExactly("W2", "W1");
  }

  @Test
  void aTokenGuardRefusesTheStaleWriteAlthoughItsSenderIsTheLeader() {
    TokenReceiver receiver = new TokenReceiver();
    delayedRequestOfAnOwnerThatLeadsAgain(receiver);
    assertThat(receiver.applied()).containsExactly("R2");
    assertThat(receiver.refused).containsExactly(1L);
  }

  @Test
  void aTokenGuardIsNotFooledByASingleProcess() {
    TokenReceiver receiver = new TokenReceiver();
    delayedRequestOfTheOnlyCandidate(receiver);
    assertThat(receiver.applied()).containsExactly("W2");
    assertThat(receiver.refused).containsExactly(1L);
  }

  @Test
  void readBeforeSealLosesAnUpdateAlthoughNoStaleTokenWasAccepted() {
    InMemoryFencingGuard guard = new InMemoryFencingGuard();
    List<Integer> balance = new ArrayList<>(List.of(100));

    int readByNewHolder = last(balance);
    guard.admit(RESOURCE, FencingToken.of(1), () -> balance.add(last(balance) + 50));
    guard.admit(RESOURCE, FencingToken.of(2), () -> balance.add(readByNewHolder - 30));

    assertThat(balance).containsExactly(100, 150, 70);
  }

  @Test
  void sealBeforeReadRefusesTheWriteThatWouldHaveBeenLost() {
    InMemoryFencingGuard guard = new InMemoryFencingGuard();
    List<Integer> balance = new ArrayList<>(List.of(100));

    guard.seal(RESOURCE, FencingToken.of(2));
    int readByNewHolder = last(balance);
    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(
            () -> guard.admit(RESOURCE, FencingToken.of(1), () -> balance.add(last(balance) + 50)));
    guard.admit(RESOURCE, FencingToken.of(2), () -> balance.add(readByNewHolder - 30));

    assertThat(balance).containsExactly(100, 70);
  }

  @Test
  void aTokenDoesNotTellARetryFromASecondWrite() {
    TokenReceiver receiver = new TokenReceiver();
    receiver.receive("A", 1, "debit 30");
    receiver.receive("A", 1, "debit 30");
    assertThat(receiver.applied()).containsExactly("debit 30", "debit 30");
  }

  private static int last(List<Integer> values) {
    return values.get(values.size() - 1);
  }
}
