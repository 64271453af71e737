package io.tenure.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says to whom, and its exit codes. */
class TenureCommandTest {
  private static final String COMPLETE = " --store etcd://h:1 --namespace shop ";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lease show                                        | one thing here, generation
          generation                                        | say what to do
          generation lower                                  | shown or raised
          generation show --store etcd://h:1                | give --namespace
          generation show --namespace shop                  | give --store
          generation show --store                           | needs a value
          generation show COMPLETE --to 3                   | --to is for generation raise
          generation raise COMPLETE --to three              | takes a number
          generation raise COMPLETE --to -1                 | takes a number
          generation raise COMPLETE --to 256                | 0 to 255
          generation raise COMPLETE --down                  | no option '--down'
          generation show --store memory://x --namespace n  | a store is etcd
          generation show --store etcd://h --namespace n    | host:port
          generation show --store consul://a:1,b:2 --namespace n | one agent
          generation show --store etcd://me:secret@h:1 --namespace n | must not have credentials
          generation show --store etcd://h:1 --namespace a//b | a namespace's segment
          generation show COMPLETE --user root              | needs a password
          generation show COMPLETE --password-file x        | needs --user
          generation show COMPLETE --user root --password-file /nowhere/at/all | cannot read
          generation show COMPLETE --trust ca.pem           | need --tls
          generation show COMPLETE --tls --key key.pem      | go together
          generation show COMPLETE --tls --trust /nowhere/at/all | /nowhere/at/all
          generation show --store consul://h:1 --namespace n --tls --trust /nowhere/at/all | /nowhere
          generation show --store zookeeper://h:1 --namespace n --tls --certificate a --key b | one PEM
          """)
  void nonsenseIsRefusedWithASentence(String words, String sentence) {
    Ran ran = Ran.command(words.replace("COMPLETE", COMPLETE.strip()));
    assertThat(ran.code()).isEqualTo(TenureCommand.MISUSED);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines()).singleElement().asString().contains(sentence);
  }

  @Test
  void whatAStoreHasNoUseForIsRefused() {
    assertThat(Ran.command(Map.of("TENURE_TOKEN", "t"), "generation show" + COMPLETE).err())
        .contains("etcd has no token");
    assertThat(
            Ran.command(
                    Map.of("TENURE_PASSWORD", "p"),
                    "generation show --store consul://h:1 --namespace n --user root")
                .err())
        .contains("consul has no users");
  }

  @Test
  void anEmptySecretIsNone() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    assertThat(
            Ran.command("generation show" + COMPLETE + "--user a --password-file " + empty).err())
        .contains("no secret");
  }

  @Test
  void helpIsPrintedWhereverItIsAskedFor() {
    for (String words : List.of("--help", "generation --help", "generation raise --help")) {
      Ran help = Ran.command(words);
      assertThat(help.code()).isEqualTo(TenureCommand.DONE);
      assertThat(help.out()).contains("generation raise", "--to N", "Exit code");
    }
    assertThat(Ran.command("").code()).isEqualTo(TenureCommand.MISUSED);
  }

  /** All at once, since each is waited for. */
  @Test
  @Timeout(180)
  void aStoreThatIsNotThereIsNotDone() throws Exception {
    String nobody = nobody();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Callable<Ran>> raising =
          Stream.of("etcd", "consul", "zookeeper")
              .<Callable<Ran>>map(
                  kind ->
                      () ->
                          Ran.command(
                              "generation raise --namespace n --store " + kind + "://" + nobody))
              .toList();
      for (Future<Ran> future : threads.invokeAll(raising)) {
        Ran ran = future.get();
        assertThat(ran.code()).as(ran.toString()).isEqualTo(TenureCommand.NOT_DONE);
        assertThat(ran.err().lines()).singleElement().asString().startsWith("tenure: raising the");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + free.getLocalPort();
    }
  }

  @Test
  @NeedsStore("etcd")
  @Timeout(300)
  void asAProcessItEndsWithItsExitCodeAndItsSentence() throws Exception {
    try (StoreServer server = Servers.etcd().unsafeNoFsync().start()) {
      String store = "etcd://" + server.address();
      assertThat(process("raise", "--store", store, "--namespace", "process"))
          .isEqualTo("0 the generation of namespace 'process' was raised from 0 to 1");
      assertThat(process("show", "--store", store, "--namespace", "process"))
          .isEqualTo("0 the generation of namespace 'process' is 1");
    }
    assertThat(process("show")).startsWith("2 tenure: give --store");
  }

  private String process(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TenureCommand.class.getName(),
                "generation"));
    command.addAll(List.of(words));
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("ended").isTrue();
      // What a newer JVM thinks of the libraries is among the errors of what went well, too.
      Path told = process.exitValue() == TenureCommand.DONE ? output : errors;
      return process.exitValue() + " " + Files.readString(told, UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
