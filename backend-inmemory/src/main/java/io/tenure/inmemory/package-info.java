/**
 * The store of one JVM: the executable model of what a store does.
 *
 * <p>{@link io.tenure.inmemory.InMemoryBackend} is a backend like any other, for programs and tests
 * that need no second process. {@link io.tenure.inmemory.InMemoryStore} is the store behind it,
 * with a clock that a test can hold in its hands, and {@link io.tenure.inmemory.Faults} decides
 * what becomes of each request.
 */
@NullMarked
package io.tenure.inmemory;

import org.jspecify.annotations.NullMarked;
