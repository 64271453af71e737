package io.tenure.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tlc2.TLC;

/**
 * One run of the TLC model checker, in a JVM of its own because it keeps its state in static fields
 * and ends by {@code System.exit}. It works on a copy of the specifications in {@code target},
 * where everything that it writes stays too.
 */
final class Tlc {
  static final Path SPECS = Path.of("..", "docs", "spec");

  private static final Path RUNS = Path.of("target", "tlc").toAbsolutePath();
  private static final long BOUND_SECONDS = 240;

  /* For runs of a second or two: no second compiler, no threads for the garbage. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx400m");

  private static final Pattern VIOLATION =
      Pattern.compile(
          "^Error: (?:Invariant|Action property) (\\w+) is violated", Pattern.MULTILINE);
  private static final Pattern WITNESS = Pattern.compile("^\"witness: (.*)\"$", Pattern.MULTILINE);
  private static final Pattern COMPLETE =
      Pattern.compile("(\\d+) distinct states found, 0 states left on queue");

  /**
   * What TLC found.
   *
   * @param violated the properties that have a counterexample
   * @param states how many distinct states there are; empty unless all were visited and TLC found
   *     no error
   * @param witnesses what the model has shown to happen
   * @param output everything that TLC said
   */
  record Result(Set<String> violated, OptionalLong states, Set<String> witnesses, String output) {}

  private Tlc() {}

  /**
   * Checks a module under one configuration.
   *
   * @param configuration the module, a slash, and the name of the configuration's file
   */
  static Result run(String configuration) throws IOException, InterruptedException {
    String module = configuration.substring(0, configuration.indexOf('/'));
    Path directory = RUNS.resolve(configuration.replace('/', '-'));
    prepare(directory, configuration);
    Path said = directory.resolve("tlc.out");
    Process process =
        new ProcessBuilder(command(module))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            configuration + " has taken " + BOUND_SECONDS + " s: " + Files.readString(said));
      }
    } finally {
      process.destroyForcibly();
    }
    return result(process.exitValue(), Files.readString(said, UTF_8));
  }

  private static List<String> command(String module) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    // Where TLC unpacks the standard modules, and looks whether it may send statistics: it may not.
    command.addAll(List.of("-Djava.io.tmpdir=.", "-Duser.home=."));
    command.addAll(List.of("-cp", jar().toString(), TLC.class.getName()));
    command.addAll(List.of("-workers", "1", "-fp", "0", "-metadir", "states", "-nowarning"));
    command.addAll(List.of("-config", "run.cfg", module));
    return command;
  }

  private static Path jar() {
    try {
      return Path.of(TLC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("TLC's jar is not a file", e);
    }
  }

  private static void prepare(Path directory, String configuration) throws IOException {
    delete(directory);
    Files.createDirectories(directory);
    for (Path module : modules()) {
      Files.copy(module, directory.resolve(module.getFileName()));
    }
    Files.copy(SPECS.resolve(configuration + ".cfg"), directory.resolve("run.cfg"));
  }

  static List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.list(SPECS)) {
      return files.filter(file -> file.toString().endsWith(".tla")).sorted().toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Result result(int exitValue, String output) {
    Set<String> witnesses = new TreeSet<>();
    WITNESS.matcher(output).results().forEach(match -> witnesses.add(match.group(1)));
    Set<String> violated = new TreeSet<>();
    VIOLATION.matcher(output).results().forEach(match -> violated.add(match.group(1)));
    Matcher complete = COMPLETE.matcher(output);
    boolean isWhole =
        exitValue == 0
            && output.contains("Model checking completed. No error has been found.")
            && complete.find();
    OptionalLong states =
        isWhole ? OptionalLong.of(Long.parseLong(complete.group(1))) : OptionalLong.empty();
    return new Result(violated, states, witnesses, output);
  }
}
