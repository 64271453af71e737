package io.tenure.cli;

import io.tenure.CoordinationException;
import io.tenure.Generation;
import io.tenure.Generation.Raised;
import io.tenure.OutcomeUnknownException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The operator's command. Without arguments it says what it can do. */
public final class TenureCommand {
  static final int DONE = 0;
  static final int NOT_DONE = 1;
  static final int MISUSED = 2;
  static final int UNKNOWN = 3;

  private static final String NAME = "tenure";

  private TenureCommand() {}

  /**
   * Runs it, and ends the JVM with its exit code.
   *
   * @param args what to do; {@code --help} lists it
   */
  public static void main(String... args) {
    System.exit(run(System.out, System.err, System.getenv(), args));
  }

  static int run(
      PrintStream out, PrintStream err, Map<String, String> environment, String... args) {
    if (args.length == 0 || List.of(args).contains("--help")) {
      out.print(GenerationArguments.HELP);
      return args.length == 0 ? MISUSED : DONE;
    }
    try {
      CommandLine line = new CommandLine(args);
      String subject = line.next();
      if (!subject.equals("generation")) {
        throw new IllegalArgumentException(
            "there is one thing here, generation, but this is '" + subject + "'; see --help");
      }
      out.println(generation(GenerationArguments.parse(line, environment)));
      return DONE;
    } catch (IllegalArgumentException e) {
      return failed(err, e, MISUSED);
    } catch (OutcomeUnknownException e) {
      return failed(err, e, UNKNOWN);
    } catch (CoordinationException | IllegalStateException e) {
      return failed(err, e, NOT_DONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println(NAME + ": interrupted; the generation may have been raised");
      return UNKNOWN;
    }
  }

  private static int failed(PrintStream err, RuntimeException e, int code) {
    err.println(NAME + ": " + e.getMessage());
    return code;
  }

  private static String generation(GenerationArguments arguments) throws InterruptedException {
    Generation generation =
        Generation.of(
            StoreKind.connectTo(arguments.store(), arguments.access()), arguments.namespace());
    String subject = "the generation of namespace '" + arguments.namespace() + "' ";
    if (arguments.action() == GenerationArguments.Action.SHOW) {
      return subject + "is " + generation.read();
    }
    Raised raised =
        arguments.least().isPresent()
            ? generation.raiseTo(arguments.least().get())
            : generation.raise();
    return raised.before() == raised.now()
        ? subject + "is " + raised.now() + " already; nothing was changed"
        : subject + "was raised from " + raised.before() + " to " + raised.now();
  }
}
