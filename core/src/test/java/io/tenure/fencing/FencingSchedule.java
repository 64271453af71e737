package io.tenure.fencing;

import io.tenure.FencingToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One random interleaving: owners that are elected in turns send writes to one resource, which are
 * delayed, overtaken, duplicated, sent again, and sometimes crash. Each is judged by a guard and by
 * a model, and what was applied is checked for itself.
 */
final class FencingSchedule {
  /** A write on its way; without a sequence if that is 0, a seal if it changes nothing. */
  record Request(FencingToken token, long sequence, boolean crashes) {}

  /** What is tested. */
  interface Guard {
    /** Empty if the token was refused; otherwise the answer. */
    Optional<Admission> deliver(Request request, Runnable write) throws Exception;

    /** Whether a crash takes back what was admitted. */
    boolean forgetsCrashed();
  }

  /** What a guard is, in ten lines. */
  private static final class Model {
    long token;
    long last;

    Optional<Admission> judge(Request request) {
      if (request.token.value() < token) {
        return Optional.empty();
      }
      last = request.token.value() > token ? 0 : last;
      token = request.token.value();
      if (request.sequence > 0 && request.sequence <= last) {
        return Optional.of(
            request.sequence == last ? Admission.APPLIED_BEFORE : Admission.OVERTAKEN);
      }
      last = Math.max(last, request.sequence);
      return Optional.of(Admission.APPLY);
    }
  }

  private final SplittableRandom random;
  private final Guard guard;
  private final Model model = new Model();
  private final List<Request> inFlight = new ArrayList<>();
  private final List<Request> applied = new ArrayList<>();
  private long newestToken;
  private long lastSequence;
  int refused;
  int repeated;

  FencingSchedule(long seed, Guard guard) {
    this.random = new SplittableRandom(seed);
    this.guard = guard;
  }

  void run(int deliveries) throws Exception {
    elect();
    for (int delivered = 0; delivered < deliveries; ) {
      switch (random.nextInt(8)) {
        case 0 -> elect();
        case 1, 2, 3 -> send();
        default -> delivered += deliver();
      }
    }
    check();
  }

  private void elect() {
    newestToken += 1 + random.nextInt(3);
    lastSequence = 0;
  }

  private void send() {
    long sequence = random.nextInt(4) == 0 ? 0 : ++lastSequence;
    inFlight.add(new Request(FencingToken.of(newestToken), sequence, random.nextInt(8) == 0));
  }

  private int deliver() throws Exception {
    if (inFlight.isEmpty()) {
      return 0;
    }
    int which = random.nextInt(inFlight.size());
    boolean comesAgain = random.nextInt(3) == 0;
    Request request = comesAgain ? inFlight.get(which) : inFlight.remove(which);
    List<Request> written = new ArrayList<>();
    Optional<Admission> byGuard = guard.deliver(request, () -> written.add(request));
    boolean takenBack = request.crashes && guard.forgetsCrashed();
    long token = model.token;
    long last = model.last;
    Optional<Admission> byModel = model.judge(request);
    if (takenBack) {
      model.token = token;
      model.last = last;
    } else {
      applied.addAll(written);
    }
    boolean applies = byModel.equals(Optional.of(Admission.APPLY));
    if (!byGuard.equals(byModel) || written.size() != (applies ? 1 : 0)) {
      throw new AssertionError(
          "%s after %s: the guard says %s, the model %s; applied %d times"
              .formatted(request, applied, byGuard, byModel, written.size()));
    }
    refused += byModel.isEmpty() ? 1 : 0;
    repeated += byModel.isPresent() && written.isEmpty() ? 1 : 0;
    return 1;
  }

  private void check() {
    Set<List<Long>> numbered = new HashSet<>();
    long before = 0;
    for (Request request : applied) {
      long token = request.token.value();
      if (token < before) {
        throw new AssertionError(request + " is applied after a newer token in " + applied);
      }
      if (request.sequence > 0 && !numbered.add(List.of(token, request.sequence))) {
        throw new AssertionError(request + " is applied twice in " + applied);
      }
      before = token;
    }
  }
}
