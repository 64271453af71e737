package io.tenure.testkit.sim;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;

/**
 * Runs many schedules of every program on every store, on all cores, and writes what happened as a
 * table and as a picture. Ends with status 1 if a check failed.
 *
 * <p>Arguments: how many schedules, the first seed, and the directory to write to. A fourth one
 * names a single schedule that is run again instead, as its failure did.
 */
final class LongRun {
  private static final double YEAR_SECONDS = 365.25 * 86_400;
  private static final String[] GAPS = {"1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"};
  private static final String[] PARTS = {"0", "20 %", "40 %", "60 %", "80 %", "100 %"};

  private final long first;
  private final Totals all = new Totals();
  private final Map<Program, Totals> perProgram = new TreeMap<>();
  private final Map<Program, Long> nanos = new TreeMap<>();
  private final Map<Program, Long> cpuNanos = new TreeMap<>();

  private LongRun(long first) {
    this.first = first;
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    if (arguments.length > 3) {
      Rerun rerun = Rerun.of(arguments[3]);
      System.out.println(rerun + " passed: " + rerun.run().counts());
      return;
    }
    long schedules = Long.parseLong(arguments[0]);
    LongRun run = new LongRun(Long.parseLong(arguments[1]));
    Path directory = Files.createDirectories(Path.of(arguments[2]));
    CoreLog log = CoreLog.begin();
    run.run(schedules);
    String logged = log.end();
    try (PrintWriter table = writer(directory.resolve("simulation.md"));
        PrintWriter picture = writer(directory.resolve("simulation.svg"))) {
      run.table(table);
      run.picture(picture);
    }
    System.out.print(Files.readString(directory.resolve("simulation.md")));
    System.out.println("Written to " + directory.toAbsolutePath());
    System.err.print(logged);
    if (!run.all.failures.isEmpty() || logged.contains(CoreLog.DEFECT)) {
      System.exit(1);
    }
  }

  private static PrintWriter writer(Path file) throws IOException {
    return new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
  }

  private void run(long schedules) throws InterruptedException, ExecutionException {
    for (Program program : Program.values()) {
      long beganNanos = System.nanoTime();
      long cpuBeganNanos = cpuNanos();
      Totals ofProgram = new Totals();
      for (StoreProfile profile : StoreProfile.values()) {
        ofProgram.add(Sweep.measure(program, profile, first, program.share(schedules)));
      }
      perProgram.put(program, ofProgram);
      nanos.put(program, System.nanoTime() - beganNanos);
      cpuNanos.put(program, cpuNanos() - cpuBeganNanos);
      all.add(ofProgram);
      System.out.printf("%s: %,d schedules%n", program, ofProgram.schedules);
    }
  }

  /** Of the whole process, so with the compiler's and the garbage collector's. */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private void table(PrintWriter out) {
    out.printf("| | %s |%n", "All");
    out.println("|---|---|");
    row(out, "Schedules", "%,d", all.schedules);
    row(out, "Seeds, on each store", "%s", seeds());
    row(out, "Simulated years", "%.2f", all.simulatedNanos / 1e9 / YEAR_SECONDS);
    row(out, "Steps", "%,d", all.count("steps"));
    row(out, "Acquisitions", "%,d", all.count("grants"));
    row(out, "Acquisitions after waiting", "%,d", all.count("grants after waiting"));
    row(out, "Tenures longer than the TTL", "%,d", all.count("tenures longer than the TTL"));
    row(out, "Losses", "%,d", all.countAll("lost: "));
    row(out, "Entries that expired while held", "%,d", all.count("expiries while held"));
    row(out, "Entries that expired while waiting", "%,d", all.count("expiries while waiting"));
    row(out, "Renewals answered in time", "%,d", LongStream.of(all.margins).sum());
    row(out, "Renewals answered after the deadline", "%,d", all.lateRenewals);
    row(out, "Guarded writes", "%,d", all.count("guarded writes"));
    row(out, "Refusals at the guard", "%,d", all.count("refusals at the guard"));
    row(out, "**Violations**", "**%d**", all.failures.size());
    row(out, "Sum of the trace hashes", "`%016x`", all.hash);
    out.println();
    out.println("| Program | Schedules | Schedules/s/thread | Schedules/CPU s |");
    out.println("|---|---|---|---|");
    perProgram.forEach(
        (program, totals) ->
            rate(out, program.toString(), totals, nanos.get(program), cpuNanos.get(program)));
    rate(out, "All", all, sum(nanos), sum(cpuNanos));
    out.println();
    out.println("| Fault | Times |");
    out.println("|---|---|");
    for (FaultKind kind : FaultKind.values()) {
      row(out, "`" + kind + "`", "%,d", all.count("fault " + kind));
    }
    all.failures.forEach(failure -> out.printf("%n```%n%s%n```%n", failure.getMessage()));
  }

  private String seeds() {
    StringBuilder text = new StringBuilder();
    perProgram.forEach(
        (program, totals) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(program)
                .append(' ')
                .append(first)
                .append(" to ")
                .append(first + totals.schedules / StoreProfile.values().length - 1));
    return text.toString();
  }

  private static void row(PrintWriter out, String name, String format, Object value) {
    out.printf(Locale.ROOT, "| " + name + " | " + format + " |%n", value);
  }

  private static long sum(Map<Program, Long> values) {
    return values.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void rate(PrintWriter out, String name, Totals totals, long wall, long cpu) {
    double perThread = totals.schedules * 1e9 / wall / Sweep.threads();
    double perCpu = totals.schedules * 1e9 / cpu;
    out.printf(
        Locale.ROOT, "| %s | %,d | %.0f | %.0f |%n", name, totals.schedules, perThread, perCpu);
  }

  private void picture(PrintWriter out) {
    out.println(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"700\""
            + " viewBox=\"0 0 900 700\" font-family=\"sans-serif\" fill=\"#222\">");
    out.println("<rect width=\"900\" height=\"700\" fill=\"white\"/>");
    Histogram.draw(
        out,
        15,
        "Time without a leader, under faults",
        "from the end of one tenure to the next election; the first bars hold what is shorter, too",
        GAPS,
        new Histogram.Series("handed over", all.handedOver),
        new Histogram.Series("lost or crashed", all.lost));
    Histogram.draw(
        out,
        365,
        "Margin left at renewal, under faults",
        "what was left of the deadline when a renewal was answered, in parts of the TTL",
        PARTS,
        new Histogram.Series("answers to renewals", all.margins));
    out.println("</svg>");
  }
}
