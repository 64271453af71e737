/**
 * What users see: the client, locks, leases, latches, elections and versioned cells.
 *
 * <p>Begin with {@link io.tenure.CoordinationClient}. No lease gives unconditional mutual
 * exclusion: a process may be paused between asking {@link io.tenure.Lease#isHeld()} and the write
 * that follows. What must not be damaged is guarded at the resource with the lease's {@link
 * io.tenure.FencingToken}; see {@code io.tenure.fencing}.
 */
@NullMarked
package io.tenure;

import org.jspecify.annotations.NullMarked;
