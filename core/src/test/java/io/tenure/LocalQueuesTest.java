package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.QueueName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalQueuesTest {
  private static final QueueName QUEUE = new QueueName("n/lock/a");
  private final LocalQueues queues = new LocalQueues();
  private final List<String> turns = new ArrayList<>();
  private final Runnable first = () -> turns.add("first");
  private final Runnable second = () -> turns.add("second");
  private final Runnable third = () -> turns.add("third");

  @Test
  void turnsComeInOrderOneAtATime() {
    queues.enter(QUEUE, first);
    queues.enter(QUEUE, second);
    queues.enter(QUEUE, third);
    assertThat(turns).containsExactly("first");

    queues.leave(QUEUE, first);
    assertThat(turns).containsExactly("first", "second");
  }

  @Test
  void whoLeavesWhileWaitingGivesNobodyATurn() {
    queues.enter(QUEUE, first);
    queues.enter(QUEUE, second);
    queues.enter(QUEUE, third);

    queues.leave(QUEUE, second);
    assertThat(turns).containsExactly("first");

    queues.leave(QUEUE, first);
    assertThat(turns).containsExactly("first", "third");
  }

  @Test
  void leavingTwiceDoesNothing() {
    queues.enter(QUEUE, first);
    queues.enter(QUEUE, second);
    queues.leave(QUEUE, first);

    queues.leave(QUEUE, first);

    assertThat(turns).containsExactly("first", "second");
    assertThat(queues.size()).isEqualTo(1);
  }

  @Test
  void otherNamesDoNotWait() {
    queues.enter(QUEUE, first);
    queues.enter(new QueueName("n/lock/b"), second);

    assertThat(turns).containsExactly("first", "second");
  }

  @Test
  void nothingIsLeftWhenEverybodyHasLeft() {
    queues.enter(QUEUE, first);
    assertThat(queues.isBusy(QUEUE)).isTrue();
    queues.leave(QUEUE, first);

    assertThat(queues.isBusy(QUEUE)).isFalse();
    assertThat(queues.size()).isZero();
  }
}
