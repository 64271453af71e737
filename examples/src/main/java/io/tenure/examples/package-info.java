/**
 * Programs that run as they are. The {@code …Example} classes show one thing each, in about ten
 * lines, and run in memory or on the store that is given as their argument. {@link
 * io.tenure.examples.Drill} breaks a cluster of three processes and checks what came of it.
 */
@NullMarked
package io.tenure.examples;

import org.jspecify.annotations.NullMarked;
