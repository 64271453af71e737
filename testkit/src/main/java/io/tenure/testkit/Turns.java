package io.tenure.testkit;

import io.tenure.LeadershipListener;
import io.tenure.Lease;
import io.tenure.LossReason;

/** Records what a listener of a latch is told, as "elected 7", "lost 7 EXPIRED" and so on. */
final class Turns implements LeadershipListener {
  private final Recorder<String> told = new Recorder<>();

  Recorder<String> told() {
    return told;
  }

  @Override
  public void elected(Lease lease) {
    told.accept("elected " + lease.token());
  }

  @Override
  public void resigning(Lease lease) {
    told.accept("resigning " + lease.token() + (lease.isHeld() ? "" : " without holding it"));
  }

  @Override
  public void released(Lease lease) {
    told.accept("released " + lease.token() + (lease.isHeld() ? " but still held" : ""));
  }

  @Override
  public void lost(Lease lease, LossReason reason) {
    told.accept("lost " + lease.token() + " " + reason);
  }
}
