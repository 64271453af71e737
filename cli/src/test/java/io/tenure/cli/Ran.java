package io.tenure.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * One run of the command in this JVM.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err what it complained of
 */
record Ran(int code, String out, String err) {
  /** Runs it with words that are separated by blanks. */
  static Ran command(String words) {
    return command(Map.of(), words);
  }

  static Ran command(Map<String, String> environment, String words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        TenureCommand.run(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment,
            words.isEmpty() ? new String[0] : words.split(" "));
    return new Ran(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}
