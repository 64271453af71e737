package io.tenure.testkit.server;

import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of servers whose JVM goes without closing them. */
class OrphansTest {
  @Test
  void serversEndWithAJvmThatEnds() throws Exception {
    Process jvm = jvm("ends");
    ProcessHandle server = server(jvm);
    jvm.waitFor();
    assertEnds(server);
  }

  @Test
  void serversEndWithAJvmThatIsKilledWhereTheKernelCanBeAsked() throws Exception {
    Process jvm = jvm("waits");
    ProcessHandle server = server(jvm);
    throughout(Duration.ofMillis(300), () -> assertThat(server.isAlive()).isTrue());
    jvm.destroyForcibly().waitFor();
    if (Programs.onPath("setpriv").isPresent()) {
      assertEnds(server);
    } else {
      assertThat(server.destroyForcibly()).isTrue();
    }
  }

  private static void assertEnds(ProcessHandle server) {
    try {
      eventually(() -> assertThat(server.isAlive()).isFalse());
    } finally {
      server.destroyForcibly();
    }
  }

  private static Process jvm(String how) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dtenure.servers.dir=" + Directories.servers().resolve("orphans"),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            how)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static ProcessHandle server(Process jvm) throws Exception {
    BufferedReader out = new BufferedReader(new InputStreamReader(jvm.getInputStream()));
    return ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
  }

  static final class Main {
    public static void main(String[] arguments) throws Exception {
      StoreServer[] server = new StoreServer[1];
      Thread thread = new Thread(() -> server[0] = Servers.zookeeper().own().start());
      thread.start();
      // The server has to outlive the thread that started it.
      thread.join();
      System.out.println(server[0].pid().orElseThrow());
      if (arguments[0].equals("waits")) {
        // Until this test kills us, or is gone itself.
        System.in.read();
      }
    }
  }
}
