package io.tenure;

import java.time.Duration;
import java.util.List;

/** A lease, and what its owner is told. */
abstract class LeaseFixture {
  static final Duration NANO = Duration.ofNanos(1);
  static final Duration LIMIT = Duration.ofSeconds(8);

  final Script script = new Script();
  final ScriptedStore store = script.store;
  final ManualTime time = script.time;
  List<String> told = List.of();

  HeldLease hold() {
    return take(Holder.of(script));
  }

  HeldLease holdAtMost(Duration limit) {
    return take(Holder.atMostFor(script, limit));
  }

  HeldLease take(Holder holder) {
    told = holder.told;
    return holder.lease();
  }
}
