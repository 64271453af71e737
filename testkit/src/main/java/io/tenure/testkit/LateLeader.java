package io.tenure.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.CoordinationClient;
import io.tenure.LeaderLatch;
import io.tenure.Lease;
import io.tenure.fencing.FencingClaim;
import io.tenure.spi.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;

/**
 * A leader that looks whether it holds its lease, and writes when it is given the cue, without
 * another look: between the two it can be paused for any length of time.
 */
public final class LateLeader {
  static final String CANDIDATE = "late";
  static final int WRITES = 11;

  private LateLeader() {}

  /** What it is told and tells. */
  interface Prompter {
    void say(String line);

    void awaitCue() throws IOException;
  }

  /**
   * What it is to do.
   *
   * @param guardedPort where the register listens that checks claims
   * @param openPort where the one listens that does not
   */
  record Part(
      String namespace,
      String election,
      Duration ttl,
      Duration renewEvery,
      Duration safetyMargin,
      int guardedPort,
      int openPort) {

    List<String> toArguments() {
      return List.of(
          namespace,
          election,
          ttl.toString(),
          renewEvery.toString(),
          safetyMargin.toString(),
          Integer.toString(guardedPort),
          Integer.toString(openPort));
    }

    static Part parse(List<String> arguments) {
      return new Part(
          arguments.get(0),
          arguments.get(1),
          Duration.parse(arguments.get(2)),
          Duration.parse(arguments.get(3)),
          Duration.parse(arguments.get(4)),
          Integer.parseInt(arguments.get(5)),
          Integer.parseInt(arguments.get(6)));
    }
  }

  /**
   * Leads in a process of its own, prompted through the standard streams: the body of the program
   * that a subclass of {@link FencingScenarioContract} starts.
   *
   * @param backend the store
   * @param arguments as {@link FencingScenarioContract#startLeader} was given them
   * @throws IOException if the registers cannot be reached
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(Backend backend, List<String> arguments)
      throws IOException, InterruptedException {
    Part part = Part.parse(arguments);
    BufferedReader cues = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (CoordinationClient client =
        CoordinationClient.builder(backend)
            .namespace(part.namespace())
            .candidate(CANDIDATE)
            .leaseTtl(part.ttl())
            .renewEvery(part.renewEvery())
            .safetyMargin(part.safetyMargin())
            .build()) {
      lead(
          client,
          part,
          new Prompter() {
            @Override
            public void say(String line) {
              System.out.println(line);
            }

            @Override
            public void awaitCue() throws IOException {
              if (cues.readLine() == null) {
                throw new IOException("the test has ended");
              }
            }
          });
    }
  }

  /** Leads once. */
  static void lead(CoordinationClient client, Part part, Prompter prompter)
      throws IOException, InterruptedException {
    try (LeaderLatch latch = client.leaderLatch(part.election()).start()) {
      Lease lease = checked(latch);
      prompter.say("holds " + lease.token());
      prompter.awaitCue();
      FencingClaim claim = FencingClaim.of(lease, client.candidate());
      prompter.say("guarded " + write(part.guardedPort(), claim));
      prompter.say("open " + write(part.openPort(), claim));
      prompter.say(lease.isHeld() ? "still holds it" : "holds it no more");
    }
  }

  /** A busy machine may have taken a whole lease before the look; the latch goes on to the next. */
  private static Lease checked(LeaderLatch latch) throws InterruptedException {
    Lease lease = latch.await();
    while (!lease.isHeld()) {
      lease = latch.await();
    }
    return lease;
  }

  private static int write(int port, FencingClaim claim) throws IOException {
    return SentRequest.send(port, Register.DOOR, claim, "set " + WRITES).answer().status();
  }
}
