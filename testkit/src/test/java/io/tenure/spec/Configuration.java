package io.tenure.spec;

import java.util.List;
import java.util.Set;

/**
 * A configuration in {@code docs/spec} and what TLC has to find in it.
 *
 * @param name the module, a slash, and the name of the file without its ending
 * @param violated the property that must have a counterexample; empty for one that must hold
 * @param states of one that must hold, how many distinct states it had when it was last looked at
 * @param witnesses of one that must hold, what must happen in it
 */
record Configuration(String name, String violated, long states, Set<String> witnesses) {
  static final List<Configuration> ALL =
      List.of(
          holds(
              "LeaseFence/TokenGuard",
              125_505,
              "elected again",
              "granted after waiting",
              "an entry that nobody wants any more",
              "two tenures wrote",
              "a stale write refused",
              "an old write of the present holder refused"),
          holds(
              "LeaseFence/TokenGuardAndSeal",
              63_724,
              "elected again",
              "granted after waiting",
              "an entry that nobody wants any more",
              "two tenures wrote",
              "a stale seal refused",
              "a stale write refused",
              "an old write of the present holder refused"),
          holds(
              "LeaseFence/TokenGuardAndSequence",
              10_650,
              "elected again",
              "two tenures wrote",
              "a stale seal refused",
              "a stale write refused",
              "an old write of the present holder refused",
              "a repeated write left out"),
          holds(
              "LeaseFence/TokenGuardAndVersion",
              43_870,
              "elected again",
              "two tenures wrote",
              "a stale seal refused",
              "a stale write refused",
              "an old write of the present holder refused",
              "a repeated write left out"),
          holds(
              "LeaseFence/EntryGuard",
              31_079,
              "elected again",
              "granted after waiting",
              "two tenures wrote",
              "a stale write refused",
              "an old write of the present holder refused"),
          holds(
              "LeaseFence/QueueOfThree",
              16_197,
              "elected again",
              "granted after waiting",
              "an entry that nobody wants any more"),
          holds(
              "LeaseFence/EntriesTwice",
              2_239,
              "elected again",
              "granted after waiting",
              "an entry that nobody wants any more"),
          fails("LeaseFence/NoGuard", "FenceOrder"),
          fails("LeaseFence/OwnerGuard", "FenceOrder"),
          fails("LeaseFence/NoSeal", "NoLostUpdate"),
          fails("LeaseFence/SealAfterRead", "NoLostUpdate"),
          fails("LeaseFence/WriteTwice", "NoLostUpdate"),
          fails("LeaseFence/ImpatientSequence", "NoLostUpdate"),
          fails("LeaseFence/TokensRestart", "TokensGrow"),
          fails("LeaseFence/GrantOnDeparture", "OneLivingHolder"),
          fails("LeaseFence/ReleaseOfTheHead", "EntryStands"),
          holds(
              "LeaseClock/ExactClocks",
              11_592,
              "renewed",
              "an older proof after a newer one",
              "a deadline passed",
              "a proof that came too late",
              "given to the next"),
          holds(
              "LeaseClock/OneMissedTick",
              17_016,
              "renewed",
              "an older proof after a newer one",
              "a deadline passed",
              "granted after the deadline",
              "lost before the store gave the name away",
              "a proof that came too late",
              "given to the next"),
          holds(
              "LeaseClock/TwoMissedTicks",
              12_610,
              "renewed",
              "a deadline passed",
              "granted after the deadline",
              "lost before the store gave the name away",
              "a proof that came too late",
              "given to the next"),
          fails("LeaseClock/NoMargin", "OneHolder"),
          fails("LeaseClock/MarginTooSmall", "OneHolder"),
          fails("LeaseClock/CountedFromTheAnswer", "OneHolder"),
          fails("LeaseClock/HalfTheTtlAsMargin", "OneHolder"),
          fails("LeaseClock/FlagOfATimer", "OneHolder"),
          fails("LeaseClock/AcknowledgedOnly", "OneHolder"),
          fails("LeaseClock/RevivedByALateAnswer", "EndIsFinal"));

  private static Configuration holds(String name, long states, String... witnesses) {
    return new Configuration(name, "", states, Set.of(witnesses));
  }

  private static Configuration fails(String name, String violated) {
    return new Configuration(name, violated, 0, Set.of());
  }

  boolean mustHold() {
    return violated.isEmpty();
  }

  @Override
  public String toString() {
    return name + (mustHold() ? " holds" : " breaks " + violated);
  }
}
