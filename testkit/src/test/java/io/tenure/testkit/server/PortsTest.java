package io.tenure.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  private static final int FIRST = 31_500;

  /** So few that JVMs which know nothing of each other would surely take the same ones. */
  private static final int LAST = FIRST + 100;

  private static final int EACH = 25;

  @TempDir private Path directory;

  @Test
  void jvmsThatStartServersAtTheSameTimeTakeDifferentPorts() throws Exception {
    Path file = directory.resolve("ports");
    try (ChildJvm one = ChildJvm.start(Main.class, List.of(), file.toString());
        ChildJvm two = ChildJvm.start(Main.class, List.of(), file.toString())) {
      Stream.of(one, two).forEach(ChildJvm::line);
      one.proceed();
      two.proceed();
      List<Integer> taken = new ArrayList<>(take(new Ports(file, FIRST, LAST)));
      Stream.of(one, two)
          .flatMap(jvm -> Stream.of(jvm.line().split(" ")))
          .map(Integer::valueOf)
          .forEach(taken::add);

      assertThat(taken).hasSize(3 * EACH).doesNotHaveDuplicates();
    }
  }

  private static List<Integer> take(Ports ports) {
    return IntStream.range(0, EACH).mapToObj(i -> ports.next()).toList();
  }

  static final class Main {
    public static void main(String[] arguments) throws Exception {
      Ports ports = new Ports(Path.of(arguments[0]), FIRST, LAST);
      System.out.println("ready");
      System.in.read();
      System.out.println(String.join(" ", take(ports).stream().map(String::valueOf).toList()));
      // Until the other has taken its own.
      System.in.read();
    }
  }

  @Test
  void aPortThatSomebodyListensOnIsNotTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      Ports ports = new Ports(directory.resolve("ports"), port, port + 1);

      assertThatThrownBy(ports::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no free port is left from %d to %d".formatted(port, port));
    }
  }

  @Test
  void everyRoleGetsAPortOfItsOwn() {
    assertThat(Ports.free(EnumSet.allOf(Port.class)).values()).doesNotHaveDuplicates().hasSize(4);
  }
}
