package io.tenure.testkit.sim;

import io.tenure.FencingToken;
import io.tenure.Lease;
import io.tenure.fencing.InMemoryFencingGuard;
import io.tenure.fencing.StaleTokenException;
import io.tenure.spi.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A record behind the real guard, in a process that never fails, and the way in which a holder
 * writes to it: seal, read, then one write after the other, each repeated until it is answered.
 */
final class Ledger {
  private static final Duration PATIENCE = Duration.ofMillis(400);

  /** How the record is guarded: rightly, or in one of the ways that look good enough. */
  enum Guard {
    /** By the token, sealed before it is read, each write applied once. */
    TOKEN,
    /** By who wrote last. */
    OWNER,
    /** By nothing. */
    NONE,
    /** By the token, but read before it is sealed. */
    READ_FIRST,
    /** By the token, but a write that arrives twice is applied twice. */
    NO_SEQUENCE
  }

  private final Simulation sim;
  private final String name;
  private final Guard kind;
  private String owner = "";
  private final InMemoryFencingGuard guard = new InMemoryFencingGuard();
  private long version;
  private long newest;
  private long newestSeq;

  Ledger(Simulation sim, String name) {
    this(sim, name, Guard.TOKEN);
  }

  Ledger(Simulation sim, String name, Guard kind) {
    this.sim = sim;
    this.name = name;
    this.kind = kind;
  }

  private long seal(String from, FencingToken token) {
    owner = from;
    return switch (kind) {
      case TOKEN, NO_SEQUENCE -> {
        guard.seal(name, token);
        yield version;
      }
      case OWNER, NONE, READ_FIRST -> version;
    };
  }

  private long write(String from, FencingToken token, long seq, long base) {
    return switch (kind) {
      case TOKEN, READ_FIRST, NO_SEQUENCE ->
          guard.admit(name, token, () -> apply(token, seq, base));
      case NONE -> apply(token, seq, base);
      case OWNER -> {
        if (!owner.equals(from)) {
          throw new StaleTokenException(name, token, FencingToken.of(Math.max(1, newest)));
        }
        yield apply(token, seq, base);
      }
    };
  }

  private long apply(FencingToken token, long seq, long base) {
    sim.require(
        "no stale write is admitted",
        token.value() >= newest,
        "a write with token " + token + " was admitted after " + newest);
    if (token.value() > newest) {
      newest = token.value();
      newestSeq = 0;
    }
    if (seq > newestSeq || kind == Guard.NO_SEQUENCE) {
      newestSeq = seq;
      sim.require(
          "no update is lost",
          base == version,
          "a write on version " + base + " was applied to version " + version);
      version++;
      sim.sometimes("guarded writes");
    }
    return version;
  }

  /** Begins to write, for as long as the lease is held. */
  void writeWhileHeld(Replica replica, Lease lease) {
    new Writer(replica, lease).seal();
  }

  private final class Writer {
    private final Replica replica;
    private final Lease lease;
    private long seq;
    private long base;
    private int answered;

    Writer(Replica replica, Lease lease) {
      this.replica = replica;
      this.lease = lease;
    }

    void seal() {
      send(0, () -> Ledger.this.seal(replica.name(), lease.token()));
    }

    private void next(long newBase) {
      base = newBase;
      seq++;
      long mySeq = seq;
      long myBase = base;
      replica.after(
          Duration.ofMillis(replica.random().nextInt(1_500)),
          () -> send(mySeq, () -> write(replica.name(), lease.token(), mySeq, myBase)));
    }

    private void send(long step, Supplier<Long> request) {
      if (answered != step || !lease.isHeld()) {
        return;
      }
      Cancellable again =
          sim.world().agenda().after(PATIENCE.toNanos(), replica, () -> send(step, request));
      replica
          .call(request)
          .whenComplete(
              (value, error) -> {
                again.cancel();
                if (answered != step) {
                  return;
                }
                if (error == null) {
                  answered++;
                  next(value);
                } else if (cause(error) instanceof StaleTokenException) {
                  answered = -1;
                  sim.sometimes("refusals at the guard");
                } else {
                  sim.require("no exception", false, "the ledger threw " + error);
                }
              });
    }

    private Throwable cause(Throwable error) {
      return error instanceof CompletionException ? error.getCause() : error;
    }
  }
}
