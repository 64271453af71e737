package io.tenure.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final Allowance allowance = new Allowance(8, clock::get);

  private int takeAll() {
    int taken = 0;
    while (allowance.take()) {
      taken++;
    }
    return taken;
  }

  private void pass(long amount, TimeUnit unit) {
    clock.addAndGet(unit.toNanos(amount));
  }

  @Test
  void asManyAreAllowedAsWereSet() {
    assertThat(takeAll()).isEqualTo(8);
    assertThat(allowance.giveBackIfExceeded()).isFalse();
    allowance.giveBack();
    assertThat(takeAll()).isOne();
  }

  @Test
  void troubleHalvesWhatThereIsAndTheRestIsGivenBackOneByOne() {
    takeAll();
    allowance.giveBack();
    allowance.giveBack();
    allowance.trouble();

    assertThat(allowance.take()).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(allowance.giveBackIfExceeded()).isTrue();
    }
    assertThat(allowance.giveBackIfExceeded()).isFalse();
  }

  @Test
  void manyTroublesAtOnceAreOne() {
    takeAll();
    for (int i = 0; i < 100; i++) {
      allowance.trouble();
    }
    for (int i = 0; i < 4; i++) {
      allowance.giveBack();
    }
    assertThat(allowance.giveBackIfExceeded()).isFalse();
    pass(1, TimeUnit.SECONDS);
    allowance.trouble();
    assertThat(allowance.giveBackIfExceeded()).isTrue();
  }

  @Test
  void troubleWhileNobodyWaitsIsNotThePriceOfWaiting() {
    allowance.trouble();
    assertThat(takeAll()).isEqualTo(8);
  }

  @Test
  void troubleCanTakeEverything() {
    allowance.take();
    allowance.trouble();
    assertThat(allowance.giveBackIfExceeded()).isTrue();
    assertThat(allowance.take()).isFalse();
  }

  @Test
  void eachQuietMinuteAllowsOneMoreAndNeverMoreThanThereWere() {
    takeAll();
    allowance.trouble();
    pass(59, TimeUnit.SECONDS);
    for (int i = 0; i < 4; i++) {
      assertThat(allowance.giveBackIfExceeded()).isTrue();
    }
    assertThat(allowance.take()).isFalse();
    pass(1, TimeUnit.SECONDS);
    assertThat(takeAll()).isOne();
    pass(1, TimeUnit.HOURS);
    assertThat(takeAll()).isEqualTo(3);
  }
}
