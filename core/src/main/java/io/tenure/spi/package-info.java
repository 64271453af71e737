/**
 * What a store's backend implements, and the seams through which the core sees time, delays and
 * threads.
 *
 * <p>A backend does I/O and nothing else: it neither counts deadlines nor decides who holds what.
 * Its methods never block and may complete their stages on any thread, the caller's included; the
 * core moves on to its own before anything else happens.
 */
@NullMarked
package io.tenure.spi;

import org.jspecify.annotations.NullMarked;
