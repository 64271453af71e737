package io.tenure.testkit.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The processes that this JVM started. They end with it: by a shutdown hook, and where the machine
 * has {@code setpriv} by the kernel, should the JVM be killed.
 */
final class Children {
  private static final Set<Process> living = ConcurrentHashMap.newKeySet();
  private static final boolean leashed = canLeash();

  /**
   * The only thread that starts servers, because the kernel's rule is about the parent's thread: a
   * child that another thread started would be killed when that thread ends.
   */
  private static final ExecutorService parent =
      Executors.newSingleThreadExecutor(
          job -> {
            Thread thread = new Thread(job, "testkit-servers-parent");
            thread.setDaemon(true);
            return thread;
          });

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Children::endAll, "testkit-servers-end"));
  }

  private Children() {}

  static Process start(ProcessBuilder builder) throws IOException {
    if (leashed) {
      List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
      command.addAll(builder.command());
      builder.command(command);
    }
    Process process = onParent(builder::start);
    living.add(process);
    process.onExit().thenAccept(living::remove);
    return process;
  }

  private static Process onParent(Callable<Process> start) throws IOException {
    try {
      return parent.submit(start).get();
    } catch (ExecutionException e) {
      throw new IOException("a server's process cannot be started", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting a server", e);
    }
  }

  private static void endAll() {
    living.forEach(Process::destroyForcibly);
  }

  private static boolean canLeash() {
    try {
      Process trial =
          new ProcessBuilder("setpriv", "--pdeathsig", "KILL", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return trial.waitFor(5, TimeUnit.SECONDS) && trial.exitValue() == 0;
    } catch (IOException e) {
      // No setpriv here, as on everything but Linux: the shutdown hook has to do.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
