/** Defects inside the core, each put into a copy of its classes, and who catches it. */
@NullMarked
package io.tenure.defects;

import org.jspecify.annotations.NullMarked;
