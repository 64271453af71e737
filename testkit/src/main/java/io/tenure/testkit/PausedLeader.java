package io.tenure.testkit;

import io.tenure.testkit.LateLeader.Part;
import io.tenure.testkit.LateLeader.Prompter;
import io.tenure.testkit.server.ChildProgram;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link LateLeader} that a test pauses between its look at the lease and its write. */
interface PausedLeader extends AutoCloseable {
  /** Waits for the next line that it says. */
  String line() throws InterruptedException;

  /** Nothing of it runs from now on, as far as anybody can see. */
  void pause();

  /** It goes on with its write, as if nothing had happened. */
  void resume();

  @Override
  void close();

  /** A whole process, frozen. */
  static PausedLeader of(ChildProgram process) {
    return new PausedLeader() {
      @Override
      public String line() {
        return process.line();
      }

      @Override
      public void pause() {
        process.pause();
      }

      @Override
      public void resume() {
        // It finds the word where it was waiting for it.
        process.tell("go");
        process.resume();
      }

      @Override
      public void close() {
        process.close();
      }
    };
  }

  /** A thread that stands still, and a client whose heartbeats do not arrive meanwhile. */
  static PausedLeader of(Member member, Part part) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    CompletableFuture<Void> cue = new CompletableFuture<>();
    Prompter prompter =
        new Prompter() {
          @Override
          public void say(String line) {
            lines.add(line);
          }

          @Override
          public void awaitCue() {
            cue.join();
          }
        };
    Caller.start(
        () -> {
          LateLeader.lead(member.client(), part, prompter);
          return member;
        });
    return new PausedLeader() {
      @Override
      public String line() throws InterruptedException {
        String line = lines.poll(Eventually.BOUND.toSeconds(), TimeUnit.SECONDS);
        if (line == null) {
          throw new AssertionError(member + " does not say a word");
        }
        return line;
      }

      @Override
      public void pause() {
        member.cutOff();
      }

      @Override
      public void resume() {
        cue.complete(null);
      }

      @Override
      public void close() {
        cue.complete(null);
      }
    };
  }
}
