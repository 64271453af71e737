package io.tenure.testkit.server;

import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of servers whose JVM goes without closing them. */
@NeedsStore("zookeeper")
class OrphansTest {
  @Test
  void serversEndWithAJvmThatEnds() throws Exception {
    try (ChildJvm jvm = jvm()) {
      ProcessHandle server = server(jvm);
      jvm.proceed();
      jvm.awaitEnd();
      assertEnds(server);
    }
  }

  @Test
  void serversEndWithAJvmThatIsKilledWhereTheKernelCanBeAsked() throws Exception {
    try (ChildJvm jvm = jvm()) {
      ProcessHandle server = server(jvm);
      throughout(Duration.ofMillis(300), () -> assertThat(server.isAlive()).isTrue());
      jvm.kill();
      if (Programs.onPath("setpriv").isPresent()) {
        assertEnds(server);
      } else {
        assertThat(server.destroyForcibly()).isTrue();
      }
    }
  }

  private static void assertEnds(ProcessHandle server) {
    try {
      eventually(() -> assertThat(server.isAlive()).isFalse());
    } finally {
      server.destroyForcibly();
    }
  }

  private static ChildJvm jvm() throws Exception {
    Path servers = Directories.servers().resolve("orphans");
    return ChildJvm.start(Main.class, List.of("-Dtenure.servers.dir=" + servers));
  }

  private static ProcessHandle server(ChildJvm jvm) {
    return ProcessHandle.of(Long.parseLong(jvm.line())).orElseThrow();
  }

  static final class Main {
    public static void main(String[] arguments) throws Exception {
      StoreServer[] server = new StoreServer[1];
      Thread thread = new Thread(() -> server[0] = Servers.zookeeper().own().start());
      thread.start();
      // The server has to outlive the thread that started it.
      thread.join();
      System.out.println(server[0].pid().orElseThrow());
      // Until this test lets us end or kills us, or is gone itself.
      System.in.read();
    }
  }
}
