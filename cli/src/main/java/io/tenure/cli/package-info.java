/**
 * The operator's command, and how a program on its command line is told which store it is about.
 * {@link io.tenure.cli.TenureCommand} is the program; nothing here is a library's API.
 */
@NullMarked
package io.tenure.cli;

import org.jspecify.annotations.NullMarked;
