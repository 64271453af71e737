package io.tenure.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.testkit.server.NeedsStore;
import io.tenure.testkit.server.SelfSigned;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import io.tenure.testkit.server.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on stores that ask who one is. */
@Timeout(180)
class AccessTest {
  private static final Map<String, String> NOTHING = Map.of();

  @TempDir Path directory;

  private static Ran raise(Map<String, String> environment, String uri, String options) {
    return Ran.command(
        environment, ("generation raise --namespace a/b --store " + uri + " " + options).strip());
  }

  private static void assertRaised(Ran ran, int from) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("raised from " + from + " to " + (from + 1));
    assertThat(ran.code()).isEqualTo(TenureCommand.DONE);
  }

  private static void assertNotDone(Ran ran) {
    assertThat(ran.code()).as(ran.toString()).isEqualTo(TenureCommand.NOT_DONE);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.out()).isEmpty();
  }

  private String secretFile(String secret) throws Exception {
    return Files.writeString(directory.resolve("secret"), secret + "\n").toString();
  }

  /** Of a server whose certificate vouches for itself, and for the client too. */
  private TlsFiles mutual() throws Exception {
    TlsFiles files = SelfSigned.in(directory);
    return new TlsFiles(files.authority(), files.certificate(), files.key(), true);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String tls(TlsFiles files, Path certificate, Path key) {
    return "--tls --trust " + files.authority() + " --certificate " + certificate + " --key " + key;
  }

  @Test
  @NeedsStore("consul")
  void consulsTokenComesFromAFileOrTheEnvironment() throws Exception {
    String token = "9c1d7b55-6f3e-4a5f-8a43-0a6d5f5b7c11";
    try (StoreServer server = Servers.consul().acl(token).processes().start()) {
      String uri = "consul://" + server.address();
      assertNotDone(raise(NOTHING, uri, ""));
      assertRaised(raise(NOTHING, uri, "--token-file " + secretFile(token)), 0);
      assertRaised(raise(Map.of("TENURE_TOKEN", token), uri, ""), 1);

      // What docs/backends/consul.md says that is needed at least.
      Map<String, String> manager = Map.of("X-Consul-Token", token);
      String acl = server.url() + "/v1/acl/";
      String rules = "key \\\"tenure/a/b/generation\\\" { policy = \\\"write\\\" }";
      String policy = "{\"Name\": \"ops\", \"Rules\": \"" + rules + "\"}";
      Rest.send("PUT", acl + "policy", policy, manager);
      String made =
          Rest.send("PUT", acl + "token", "{\"Policies\": [{\"Name\": \"ops\"}]}", manager);
      String least = made.replaceAll("(?s).*\"SecretID\": *\"([^\"]*)\".*", "$1");
      assertRaised(raise(Map.of("TENURE_TOKEN", least), uri, ""), 2);
    }
  }

  @Test
  @NeedsStore("consul")
  void consulIsSpokenToInTls() throws Exception {
    TlsFiles files = mutual();
    try (StoreServer server = Servers.consul().tls(files).processes().start()) {
      String uri = "consul://" + server.address();
      assertNotDone(raise(NOTHING, uri, "--tls --trust " + files.authority()));
      assertRaised(raise(NOTHING, uri, tls(files, files.certificate(), files.key())), 0);
    }
  }

  @Test
  @NeedsStore("etcd")
  void etcdsUserHasAPassword() throws Exception {
    try (StoreServer server = Servers.etcd().unsafeNoFsync().processes().start()) {
      String auth = server.url() + "/v3/auth/";
      Rest.send("POST", auth + "user/add", "{\"name\":\"root\",\"password\":\"canary\"}");
      Rest.send("POST", auth + "role/add", "{\"name\":\"root\"}");
      Rest.send("POST", auth + "user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
      // What docs/backends/etcd.md says that is needed at least.
      String key = base64("tenure/a/b/generation");
      Rest.send("POST", auth + "user/add", "{\"name\":\"ops\",\"password\":\"canary\"}");
      Rest.send("POST", auth + "role/add", "{\"name\":\"ops\"}");
      Rest.send(
          "POST",
          auth + "role/grant",
          "{\"name\":\"ops\",\"perm\":{\"permType\":\"READWRITE\",\"key\":\"" + key + "\"}}");
      Rest.send("POST", auth + "user/grant", "{\"user\":\"ops\",\"role\":\"ops\"}");
      Rest.send("POST", auth + "enable", "{}");
      String uri = "etcd://" + server.address();

      assertNotDone(raise(NOTHING, uri, ""));
      Ran wrong = raise(Map.of("TENURE_PASSWORD", "wrong-canary"), uri, "--user root");
      assertNotDone(wrong);
      assertThat(wrong.err()).doesNotContain("canary");
      assertRaised(raise(NOTHING, uri, "--user root --password-file " + secretFile("canary")), 0);
      assertRaised(raise(Map.of("TENURE_PASSWORD", "canary"), uri, "--user ops"), 1);
    }
  }

  @Test
  @NeedsStore("etcd")
  void etcdIsSpokenToInTls() throws Exception {
    TlsFiles files = mutual();
    try (StoreServer server = Servers.etcd().unsafeNoFsync().tls(files).processes().start()) {
      String uri = "etcd://" + server.address();
      assertNotDone(raise(NOTHING, uri, "--tls --trust " + files.authority()));
      assertRaised(raise(NOTHING, uri, tls(files, files.certificate(), files.key())), 0);
    }
  }

  @Test
  @NeedsStore("zookeeper")
  void whatAUserMadeInZooKeeperEveryoneReadsAndNobodyElseWrites() throws Exception {
    try (StoreServer server = Servers.zookeeper().unsafeNoFsync().processes().start()) {
      String uri = "zookeeper://" + server.address();
      String ops = "--user ops --password-file " + secretFile("canary");
      assertRaised(raise(NOTHING, uri, ops), 0);
      assertNotDone(raise(NOTHING, uri, ""));
      Ran shown = Ran.command("generation show --namespace a/b --store " + uri);
      assertThat(shown.out()).contains("is 1");
      assertRaised(raise(NOTHING, uri, ops), 1);
    }
  }

  @Test
  @NeedsStore("zookeeper")
  void zooKeeperIsSpokenToInTls() throws Exception {
    TlsFiles files = mutual();
    Path both = directory.resolve("both.pem");
    Files.writeString(both, Files.readString(files.certificate()) + Files.readString(files.key()));
    try (StoreServer server = Servers.zookeeper().unsafeNoFsync().tls(files).processes().start()) {
      String uri = "zookeeper://" + server.address();
      assertNotDone(raise(NOTHING, uri, "--tls --trust " + files.authority()));
      assertRaised(raise(NOTHING, uri, tls(files, both, both)), 0);
    }
  }
}
