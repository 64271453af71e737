/**
 * Deterministic simulation: the real recipes and a user's own code, under a virtual clock, against
 * a simulated store, with faults that a seed draws.
 *
 * <p>Everything runs one step at a time. The same seed gives the same schedule, so a failure is
 * found once and then replayed as often as it takes. Begin at {@link
 * io.tenure.testkit.sim.Simulation}.
 */
@NullMarked
package io.tenure.testkit.sim;

import org.jspecify.annotations.NullMarked;
