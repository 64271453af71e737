package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveSessionTest {
  private static final long OPENED_AT = 5;

  private final LiveSession session =
      new LiveSession(new StagedStore().session(), new LeaseDeadline(0, 20_000, 0), 3, OPENED_AT);
  private final List<String> told = new ArrayList<>();

  /** Notes what it is told, and does something about it. */
  private LiveSession.Member member(String name, Runnable then) {
    return new LiveSession.Member() {
      @Override
      public void sessionEnded(LossReason reason) {
        told.add(name + " " + reason);
        then.run();
      }

      @Override
      public void renewed() {
        told.add(name + " renewed");
        then.run();
      }
    };
  }

  private LiveSession.Member member(String name) {
    return member(name, () -> {});
  }

  @Test
  void isProvedByItsOpeningAndBeyondDoubt() {
    assertThat(session.provedAtNanos()).isEqualTo(OPENED_AT);
    assertThat(session.isSuspect()).isFalse();
    assertThat(session.generation()).isEqualTo(3);
  }

  @Test
  void isInDoubtFromAFailedRenewalToTheNextProof() {
    session.suspect();
    assertThat(session.isSuspect()).isTrue();
    assertThat(session.provedAtNanos()).isEqualTo(OPENED_AT);

    session.proved(9);

    assertThat(session.isSuspect()).isFalse();
    assertThat(session.provedAtNanos()).isEqualTo(9);
  }

  @Test
  void itsMembersAreToldInTheOrderInWhichTheyCame() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      session.add(member("member " + i));
      expected.add("member " + i + " EXPIRED");
    }

    session.members().forEach(member -> member.sessionEnded(LossReason.EXPIRED));

    assertThat(told).containsExactlyElementsOf(expected);
  }

  @Test
  void whoEntersTwiceIsToldOnceAndLeavesAtOnce() {
    LiveSession.Member member = member("member");
    session.add(member);
    session.add(member);
    session.members().forEach(LiveSession.Member::renewed);
    assertThat(told).containsExactly("member renewed");

    session.remove(member);
    session.remove(member);

    assertThat(session.members()).isEmpty();
  }

  @Test
  void aMemberMayLeaveAndAnotherEnterWhileTheyAreTold() {
    LiveSession.Member second = member("second");
    LiveSession.Member third = member("third");
    LiveSession.Member first =
        member(
            "first",
            () -> {
              session.remove(second);
              session.add(third);
            });
    session.add(first);
    session.add(second);

    session.members().forEach(LiveSession.Member::renewed);

    assertThat(told).containsExactly("first renewed", "second renewed");
    assertThat(session.members()).containsExactly(first, third);
  }

  @Test
  void isNamedAsTheStoreNamesIt() {
    assertThat(session).hasToString(session.store().id());
  }
}
