/**
 * What it takes to show that a backend keeps its promises: {@link
 * io.tenure.testkit.BackendContract}, the one test class that every backend passes on a real store,
 * and the faults, recordings and waits that it is made of.
 */
@NullMarked
package io.tenure.testkit;

import org.jspecify.annotations.NullMarked;
