package io.tenure;

import java.util.ArrayList;
import java.util.List;

/** Somebody who wants a {@link QueuePlace} and notes what he is told. */
final class Contender implements QueuePlace.Owner {
  final List<String> told = new ArrayList<>();
  Runnable beforeLoss = () -> {};
  LiveSession session;
  FencingToken token;
  CoordinationException failure;

  @Override
  public void granted(LiveSession granting, FencingToken granted) {
    session = granting;
    token = granted;
    told.add("granted " + granted.revision());
  }

  @Override
  public void busy() {
    told.add("busy");
  }

  @Override
  public void failed(CoordinationException e) {
    failure = e;
    told.add("failed");
  }

  @Override
  public void lost(LossReason reason) {
    beforeLoss.run();
    told.add("lost " + reason);
  }
}
