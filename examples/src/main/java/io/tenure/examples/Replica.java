package io.tenure.examples;

import io.tenure.CoordinationClient;
import io.tenure.CoordinationEvent;
import io.tenure.LeaderLatch;
import io.tenure.SingletonTask;
import io.tenure.examples.Report.What;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One of the drill's replicas, a process of its own: stands for election, writes to the ledger
 * while it leads, says on standard output what happens to it, and obeys the words on standard
 * input.
 *
 * <p>The words are {@code hold}, {@code send} and {@code stop}; the end of input means stop, so
 * that no replica outlives the drill.
 */
public final class Replica {
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private Replica() {}

  /** Takes part until it is told to stop. */
  @SuppressWarnings("try") // the task runs by itself
  public static void main(String... args) throws IOException, SQLException {
    ReplicaSettings settings = ReplicaSettings.parse(args);
    String password = System.getenv().getOrDefault(ReplicaSettings.PASSWORD_VARIABLE, "");
    Ledger ledger = new Ledger(settings.ledger(), password, settings.guarded());
    LedgerWriter writer = new LedgerWriter(settings.name(), ledger, Replica::say);
    try (CoordinationClient client =
            CoordinationClient.builder(Stores.connect(settings.store()))
                .candidate(settings.name())
                .namespace(settings.namespace())
                .leaseTtl(settings.ttl())
                .onEvent(Replica::say)
                .build();
        LeaderLatch latch = client.leaderLatch(ReplicaSettings.ELECTION).drainWithin(DRAIN);
        SingletonTask task = SingletonTask.start(latch, writer::writeWhileHeld)) {
      obey(latch, writer);
    }
  }

  private static void obey(LeaderLatch latch, LedgerWriter writer)
      throws IOException, SQLException {
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String word = words.readLine(); word != null; word = words.readLine()) {
      switch (word) {
        case "hold" -> writer.hold(latch.lease());
        case "send" -> writer.send();
        case "stop" -> {
          return;
        }
        default -> say(Report.of(What.FAILED, "no such word: " + word));
      }
    }
  }

  private static void say(CoordinationEvent event) {
    if (event instanceof CoordinationEvent.Acquired acquired) {
      say(Report.of(What.ELECTED, acquired.token()));
    } else if (event instanceof CoordinationEvent.Lost lost) {
      say(Report.of(What.LOST, lost.token(), lost.reason()));
    } else if (event instanceof CoordinationEvent.Released released) {
      say(Report.of(What.RELEASED, released.token()));
    } else if (event instanceof CoordinationEvent.TaskFailed failed) {
      say(Report.of(What.FAILED, failed.token(), failed.cause()));
    } else if (event instanceof CoordinationEvent.DrainTimedOut late) {
      say(Report.of(What.FAILED, late.token(), "did not stop writing within " + DRAIN));
    }
  }

  private static void say(Report report) {
    System.out.println(report.line());
  }
}
