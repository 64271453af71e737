package io.tenure.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The course of a schedule
 *
 *   0 --- faults begin and end --- calm: all must recover --- the clients close --- nothing is left
 *
 * Every stream of chance is split off the seed by itself, so that leaving a fault out, as the
 * shrinking does, changes as little as possible of the rest.
 */

/** One schedule as it runs. */
final class World {
  private static final long MOST_STEPS = 400_000;
  private static final long RECOVERY_NANOS = 20_000_000_000L;
  private static final long SETTLING_NANOS = 10_000_000_000L;
  private static final long CLOSING_NANOS = 60_000_000_000L;
  private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

  /** A check that failed. */
  record Violation(String check, String message, Duration at) {}

  private final Setup setup;
  private final long seed;
  private final Agenda agenda;
  private final SimulatedStore store;
  private final LeaseBook book;
  private final List<PlannedFault> faults;
  private final Map<String, Long> counts = new HashMap<>();
  private final List<Seat> seats = new ArrayList<>();
  private final List<Runnable> whenCalm = new ArrayList<>();
  private final List<Runnable> atEnd = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<Replica> standing = new ArrayList<>();
  private final SplittableRandom seatRandom;
  private final SplittableRandom userRandom;
  private final ClientDraw clientDraw;
  private @Nullable Violation violation;
  private @Nullable Throwable thrown;
  private Duration workStopsWithin = Duration.ofSeconds(20);
  private boolean ending;
  private int replicas;

  World(Setup setup, long seed, List<Integer> kept) {
    this.setup = setup;
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom planRandom = random.split();
    SplittableRandom storeRandom = random.split();
    this.seatRandom = random.split();
    this.userRandom = random.split();
    this.clientDraw = ClientDraw.draw(setup.profile(), random.split());
    this.agenda = new Agenda(this::look, MOST_STEPS);
    this.book = new LeaseBook(this);
    this.store = new SimulatedStore(setup.profile(), agenda, storeRandom, book);
    List<PlannedFault> drawn =
        FaultPlan.draw(planRandom, setup.allowed(), setup.seats(), setup.lasting());
    this.faults =
        kept.isEmpty() ? drawn : kept.stream().filter(i -> i >= 0).map(drawn::get).toList();
  }

  // ---- What the parts ask for

  Agenda agenda() {
    return agenda;
  }

  SimulatedStore store() {
    return store;
  }

  LeaseBook book() {
    return book;
  }

  Setup setup() {
    return setup;
  }

  ClientDraw clientDraw() {
    return clientDraw;
  }

  SplittableRandom userRandom() {
    return userRandom;
  }

  /** The orderly end has begun: nobody should begin anything new. */
  boolean isEnding() {
    return ending;
  }

  List<Seat> seats() {
    return seats;
  }

  List<PlannedFault> faults() {
    return faults;
  }

  Optional<Violation> violation() {
    return Optional.ofNullable(violation);
  }

  /** What the user's code threw, if that is what failed. */
  Optional<Throwable> thrown() {
    return Optional.ofNullable(thrown);
  }

  Duration workStopsWithin() {
    return workStopsWithin;
  }

  void workStopsWithin(Duration bound) {
    workStopsWithin = bound;
  }

  int nextNumber() {
    return replicas++;
  }

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  void whenCalm(Runnable check) {
    whenCalm.add(check);
  }

  void atEnd(Runnable check) {
    atEnd.add(check);
  }

  /** Puts a line into the record that a failure shows. */
  void note(String line) {
    note(line.hashCode(), () -> line);
  }

  /** The same for a line that takes long to make: what it says is mixed into the trace as given. */
  void note(long mixed, Supplier<String> line) {
    agenda.mix(mixed);
    if (setup.recorded()) {
      lines.add(String.format("%10.4f  %s", (double) agenda.nowNanos() / 1e9, line.get()));
    }
  }

  List<String> lines() {
    return lines;
  }

  void violated(String check, String message) {
    if (violation == null) {
      note("VIOLATED " + check + ": " + message);
      violation = new Violation(check, message, Duration.ofNanos(agenda.nowNanos()));
      agenda.stop();
    }
  }

  /** The user's code has thrown. */
  void threw(String what, Throwable error) {
    if (violation == null) {
      thrown = error;
      violated("no exception", what + " threw " + error);
    }
  }

  void require(String check, boolean holds, String message) {
    if (!holds) {
      violated(check, message);
    }
  }

  void require(String check, boolean holds, Supplier<String> message) {
    if (!holds) {
      violated(check, message.get());
    }
  }

  // ---- The course

  void occupy(int count, Consumer<Replica> program) {
    for (int i = 0; i < count; i++) {
      Seat seat = new Seat(this, seats.size(), program, seatRandom.split());
      seats.add(seat);
      agenda.after(0, seat::begin);
    }
  }

  SimulationResult run(Consumer<Simulation> scenario) {
    scenario.accept(new Simulation(this));
    if (seats.isEmpty()) {
      throw new IllegalStateException(
          "a scenario places one replica at least, but this placed none");
    }
    faults.forEach(fault -> new FaultAction(this, fault).plan());
    agenda.runUntil(setup.lasting().toNanos());
    recover();
    check(whenCalm);
    close();
    leaveNothing();
    check(atEnd);
    if (agenda.isStopped() && violation == null) {
      violation =
          new Violation(
              "the schedule ends", "it took too many steps", Duration.ofNanos(agenda.nowNanos()));
    }
    seats.forEach(Seat::endThreads);
    counts.merge("steps", agenda.steps(), Long::sum);
    return new SimulationResult(
        seed, setup.profile(), faults, agenda.hash(), Duration.ofNanos(agenda.nowNanos()), counts);
  }

  private void check(List<Runnable> checks) {
    for (Runnable check : checks) {
      if (!agenda.isStopped()) {
        try {
          check.run();
        } catch (RuntimeException | Error e) {
          threw("a check", e);
        }
      }
    }
  }

  /** For how much of its time a fault lasts that begins only now: until the calm, as all do. */
  long untilCalmNanos(long lastsNanos) {
    return Math.min(lastsNanos, Math.max(0, setup.lasting().toNanos() - agenda.nowNanos()));
  }

  /** How long a session lives after its last heartbeat has arrived. */
  long worstExpiryNanos() {
    return setup.profile().traits().worstExpiry(clientDraw.ttl()).toNanos() + 1_000_000_000L;
  }

  private void recover() {
    seats.forEach(Seat::heal);
    long calmNanos = agenda.nowNanos();
    long judgedFromNanos = calmNanos + worstExpiryNanos();
    while (!agenda.isStopped()
        && agenda.nowNanos() < Math.max(judgedFromNanos + RECOVERY_NANOS, settledNanos())) {
      agenda.runUntil(agenda.nowNanos() + LOOK_EVERY_NANOS);
      book.requireRobberiesNoticed(calmNanos);
      if (agenda.nowNanos() > judgedFromNanos) {
        List.copyOf(store.queues()).forEach(queue -> book.requireLively(queue, judgedFromNanos));
      }
    }
    if (!agenda.isStopped()) {
      book.callers().requirePlacesKept();
    }
  }

  /** When what slow weather has held up until now has come, and been dealt with. */
  private long settledNanos() {
    return seats.stream().mapToLong(Seat::slowUntilNanos).max().orElse(0) + SETTLING_NANOS;
  }

  private void close() {
    ending = true;
    seats.forEach(Seat::close);
    agenda.runUntil(agenda.nowNanos() + CLOSING_NANOS);
    if (!agenda.isStopped()) {
      seats.forEach(seat -> require("close returns", seat.isClosed(), seat + " is still closing"));
    }
  }

  private void leaveNothing() {
    agenda.runUntil(agenda.nowNanos() + worstExpiryNanos() + 1_000_000_000L);
    if (agenda.isStopped()) {
      return;
    }
    require("nothing is left", store.queues().isEmpty(), "entries are left in " + store.queues());
    require("nothing is left", store.sessions().isEmpty(), "sessions are left");
    require("nothing is left", store.watches().isEmpty(), "watches are left");
    require("nothing is left", store.cells().ephemeral() == 0, "bound cells are left");
    book.reports().requireAllTold();
    seats.forEach(Seat::requireThreadsEnded);
  }

  /**
   * Lets a process stand still in the middle of its code while the others go on. The code of one
   * that stood still before can only go on after this one's, so it stands still as long.
   */
  void stand(Replica replica, long untilNanos) {
    standing.forEach(other -> other.pauseUntil(untilNanos));
    standing.add(replica);
    agenda.runUntil(untilNanos);
    standing.remove(standing.size() - 1);
  }

  int standing() {
    return standing.size();
  }

  private void look(@Nullable Replica owner) {
    book.look(owner);
  }
}
