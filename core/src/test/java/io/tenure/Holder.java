package io.tenure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes over a granted place, as the recipes do, and notes what it is told. */
final class Holder implements QueuePlace.Owner, HeldLease.Owner {
  final List<String> told = new ArrayList<>();
  private final Script script;
  private final LossScope scope;
  private final long limitNanos;
  private final QueuePlace place;
  private HeldLease lease;

  private Holder(Script script, LossScope scope, long limitNanos) {
    this.script = script;
    this.scope = scope;
    this.limitNanos = limitNanos;
    this.place = new QueuePlace(script.context, ScriptedStore.QUEUE, "lock 'a'", false, this);
  }

  /** One who holds as long as the lease is renewed. */
  static Holder of(Script script) {
    return holding(script, new LossScope(LossPolicy.report(), null), Long.MAX_VALUE);
  }

  static Holder atMostFor(Script script, Duration limit) {
    return holding(script, new LossScope(LossPolicy.report(), null), limit.toNanos());
  }

  /** One whose loss interrupts the thread that calls this. */
  static Holder interrupted(Script script, Duration limit) {
    LossScope scope = new LossScope(LossPolicy.interruptScope(), Thread.currentThread());
    return holding(script, scope, limit.toNanos());
  }

  private static Holder holding(Script script, LossScope scope, long limitNanos) {
    Holder holder = new Holder(script, scope, limitNanos);
    script.inLane(holder.place::enter);
    script.store.enqueued(1, 7);
    return holder;
  }

  HeldLease lease() {
    return lease;
  }

  @Override
  public void granted(LiveSession session, FencingToken token) {
    lease = new HeldLease(script.context, place, "a", token, scope, limitNanos, this);
  }

  @Override
  public void busy() {
    told.add("busy");
  }

  @Override
  public void failed(CoordinationException e) {
    told.add("failed");
  }

  @Override
  public void lost(LossReason reason) {
    lease.lostPlace(reason);
  }

  @Override
  public void ended(HeldLease ended, Optional<LossReason> loss) {
    told.add(loss.map(reason -> "lost " + reason).orElse("released"));
  }

  @Override
  public void entryGone(HeldLease ended) {
    told.add("gone");
  }
}
