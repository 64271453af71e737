/** What the guards cost, measured with JMH on real servers. */
@NullMarked
package io.tenure.benchmarks;

import org.jspecify.annotations.NullMarked;
