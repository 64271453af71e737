package io.tenure.fencing;

import io.tenure.Candidate;
import io.tenure.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A receiver's check of the {@link FencingClaim} that a request carries. It lets a request in, or
 * refuses it before anything of it is executed.
 *
 * <pre>{@code
 * try (FencingVerifier.Passage passage = verifier.admit("accounts/42", header)) {
 *   debit(passage.claim());
 * }
 * }</pre>
 *
 * <p><b>What holds.</b> After a token was let in, no request with a smaller one on that name is let
 * in here. A newer token waits until the requests of older ones that were let in have ended, so it
 * never runs beside them; what it reads has all that they did. Requests of one token run side by
 * side. With a sequence, each (token, sequence) is let in at most once, in rising order.
 *
 * <p><b>What does not.</b> By itself the verifier remembers marks only as long as it lives; give it
 * {@link ClaimMarks} where the data lives longer. Even then, a request that was let in by one
 * process runs on when another lets a newer one in: where several processes write the same data,
 * admit the claim's token again in the transaction that writes. A request that was let in with a
 * sequence and then failed is not let in again. And a claim is not a credential: a sender who
 * invents a great token shuts out the real holder, unless the claim is {@linkplain
 * Builder#confirmedBy confirmed by the store} first.
 *
 * <p>Thread-safe. Marks are never dropped, so memory grows with the number of names: pass names of
 * things that exist, not whatever a request spells.
 */
public final class FencingVerifier {
  private final Optional<CurrentHolders> holders;
  private final Optional<ClaimMarks> marks;
  private final long patienceNanos;
  private final Map<String, ClaimGate> gates = new ConcurrentHashMap<>();

  private FencingVerifier(Builder builder) {
    holders = builder.store.map(by -> new CurrentHolders(by, builder.maxAgeNanos, Ticker.system()));
    marks = builder.marks;
    patienceNanos = builder.patienceNanos;
  }

  /** A request that was let in; closed when it has ended. */
  public static final class Passage implements AutoCloseable {
    private final FencingClaim claim;
    private final ClaimGate gate;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Passage(FencingClaim claim, ClaimGate gate) {
      this.claim = claim;
      this.gate = gate;
    }

    /**
     * Returns the claim that the request was let in with.
     *
     * @return the claim
     */
    public FencingClaim claim() {
      return claim;
    }

    /** Ends the passage; newer tokens wait for it. Idempotent, on any thread, never blocks. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        gate.leave();
      }
    }
  }

  /**
   * Returns a verifier that keeps its marks in memory and does not ask the store.
   *
   * @return the verifier
   */
  public static FencingVerifier create() {
    return builder().build();
  }

  /**
   * Returns a builder with the settings of {@link #create()}.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Lets a request in or refuses it, by the values of its header or metadata key.
   *
   * @param name the name that guards what was asked for, which the claim has to be on
   * @param values what the request carries under {@link FencingClaim#HEADER}, empty if nothing
   * @return the passage, to be closed when the request has ended
   * @throws ClaimRefusedException if the request is refused
   * @throws IllegalArgumentException if the name is not allowed
   */
  public Passage admit(String name, List<String> values) {
    ResourceNames.check(name);
    return admit(name, FencingClaim.only(values));
  }

  /**
   * Lets a request in or refuses it. May block: for the store's answer, for older requests to end,
   * and for the marks, in this order.
   *
   * <p>An interrupt ends the waiting with a refusal, and the thread's interrupt flag stays set.
   *
   * @param name the name that guards what was asked for, which the claim has to be on
   * @param claim the request's claim
   * @return the passage, to be closed when the request has ended
   * @throws ClaimRefusedException if the request is refused
   * @throws IllegalArgumentException if the name is not allowed
   */
  public Passage admit(String name, FencingClaim claim) {
    ResourceNames.check(name);
    if (!claim.name().equals(name)) {
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.WRONG_NAME,
          "the claim is on '"
              + claim.name()
              + "', but what was asked for is guarded by '"
              + name
              + "'");
    }
    try {
      if (holders.isPresent()) {
        holders.get().confirm(claim);
      }
      return enter(claim);
    } catch (StaleTokenException e) {
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.STALE,
          String.valueOf(e.getMessage()),
          Optional.of(e.highWaterMark()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.UNCHECKED, "the receiver was interrupted", e);
    }
  }

  private Passage enter(FencingClaim claim) throws InterruptedException {
    ClaimGate gate = gates.computeIfAbsent(claim.name(), ClaimGate::new);
    long ownSequence = marks.isPresent() ? HighWaterMark.NO_SEQUENCE : sequence(claim);
    pass(claim, gate.enter(claim.token(), ownSequence, patienceNanos));
    Passage passage = new Passage(claim, gate);
    boolean admitted = false;
    try {
      if (marks.isPresent()) {
        pass(claim, admit(marks.get(), claim));
      }
      admitted = true;
      return passage;
    } finally {
      if (!admitted) {
        passage.close();
      }
    }
  }

  private static Admission admit(ClaimMarks marks, FencingClaim claim) throws InterruptedException {
    try {
      return marks.admit(claim);
    } catch (StaleTokenException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new ClaimRefusedException(
          ClaimRefusedException.Reason.UNCHECKED, "the mark of the name could not be raised", e);
    }
  }

  private static void pass(FencingClaim claim, Admission admission) {
    if (admission == Admission.APPLY) {
      return;
    }
    boolean repeated = admission == Admission.APPLIED_BEFORE;
    throw new ClaimRefusedException(
        repeated ? ClaimRefusedException.Reason.REPEATED : ClaimRefusedException.Reason.OVERTAKEN,
        "sequence %d of token %s on '%s' was %s"
            .formatted(
                sequence(claim),
                claim.token(),
                claim.name(),
                repeated ? "let pass before" : "overtaken by a greater one"),
        Optional.of(claim.token()));
  }

  private static long sequence(FencingClaim claim) {
    return claim.sequence().orElse(HighWaterMark.NO_SEQUENCE);
  }

  /** Settings of a verifier. Not thread-safe. */
  public static final class Builder {
    private Optional<ClaimMarks> marks = Optional.empty();
    private Optional<Function<String, CompletableFuture<Optional<Candidate>>>> store =
        Optional.empty();
    private long maxAgeNanos;
    private long patienceNanos = Duration.ofSeconds(10).toNanos();

    private Builder() {}

    /**
     * Keeps the marks elsewhere than in memory, {@linkplain ClaimMarks#inDatabase in a database}
     * for example.
     *
     * @param keeper where
     * @return this builder
     */
    public Builder marksIn(ClaimMarks keeper) {
      marks = Optional.of(keeper);
      return this;
    }

    /**
     * Asks the store whether the claim's owner and token are current, before the mark is raised.
     * Costs one read of the store for each name and {@code maxAge}, and one for each claim of a
     * token that the last answer does not know.
     *
     * <p>Locks and elections have separate names, and a claim does not tell which it is on; the
     * receiver does:
     *
     * <pre>{@code
     * confirmedBy(name -> client.lock(name).holderAsync(), Duration.ofSeconds(1))
     * confirmedBy(name -> client.election(name).leaderAsync(), Duration.ofSeconds(1))
     * }</pre>
     *
     * @param holder asks the store who holds a name, and does not block; what it throws, and a
     *     failed future, refuse the claim as {@link ClaimRefusedException.Reason#UNCHECKED}
     * @param maxAge how old an answer may be when a request is judged by it, counted from when the
     *     store was asked; zero to ask for each request
     * @return this builder
     * @throws IllegalArgumentException if {@code maxAge} is negative
     */
    public Builder confirmedBy(
        Function<String, CompletableFuture<Optional<Candidate>>> holder, Duration maxAge) {
      maxAgeNanos = notNegative("an answer's greatest age", maxAge);
      store = Optional.of(holder);
      return this;
    }

    /**
     * Bounds how long a newer token waits for requests of older ones to end. It is 10 s otherwise.
     *
     * @param patience zero or more
     * @return this builder
     * @throws IllegalArgumentException if {@code patience} is negative
     */
    public Builder waitForOlderRequests(Duration patience) {
      patienceNanos = notNegative("the wait for older requests", patience);
      return this;
    }

    /**
     * Returns a verifier with these settings that has seen no token.
     *
     * @return the verifier
     */
    public FencingVerifier build() {
      return new FencingVerifier(this);
    }

    private static long notNegative(String what, Duration duration) {
      if (Objects.requireNonNull(duration, what).isNegative()) {
        throw new IllegalArgumentException(
            what + " is zero or more, but this is " + duration.toMillis() + " ms");
      }
      return duration.toNanos();
    }
  }
}
