package io.tenure.examples;

import io.tenure.CoordinationException;
import java.io.PrintStream;

/** A program of this module from its arguments to its exit code. */
@FunctionalInterface
interface MainProgram {
  int OFF = 1;
  int MISUSED = 2;

  /**
   * Does the program's work.
   *
   * @param cleanup ends what the work starts, at its end or when the program is interrupted
   * @return whether everything is as it should be
   * @throws IllegalArgumentException with a sentence for the user, if the options make no sense
   */
  boolean run(PrintStream out, Cleanup cleanup) throws Exception;

  /** Runs a program and returns its exit code. */
  static int run(String name, PrintStream out, MainProgram program) {
    try (Cleanup cleanup = new Cleanup()) {
      Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, name + "-cleanup"));
      return program.run(out, cleanup) ? 0 : OFF;
    } catch (IllegalArgumentException e) {
      System.err.println(name + ": " + e.getMessage());
      return MISUSED;
    } catch (DrillFailure | CoordinationException e) {
      out.println("FAIL  " + e.getMessage());
      return OFF;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OFF;
    } catch (Exception e) {
      out.println("FAIL  " + e);
      return OFF;
    }
  }
}
