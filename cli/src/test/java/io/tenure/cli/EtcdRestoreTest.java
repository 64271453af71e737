package io.tenure.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.ClientBuilder;
import io.tenure.LossReason;
import io.tenure.testkit.server.EtcdFiles;
import io.tenure.testkit.server.NeedsStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that etcd's own tool restores, without bumping the revision. */
@NeedsStore("etcd")
class EtcdRestoreTest extends LostHistoryContract {
  @TempDir Path directory;
  private EtcdFiles files;
  private Path snapshot;

  @BeforeEach
  void start() {
    files = EtcdFiles.in(directory);
  }

  @AfterEach
  void stop() {
    files.close();
  }

  @Override
  String uri() {
    return "etcd://" + files.server().address();
  }

  @Override
  void settle(ClientBuilder builder) {
    builder.renewEvery(Duration.ofMillis(500));
  }

  @Override
  LossReason told() {
    return LossReason.STORE_REGRESSED;
  }

  @Override
  void remember() throws Exception {
    snapshot = files.snapshot();
  }

  @Override
  void loseHistory() throws Exception {
    files.replaceBy(files.restored(snapshot));
  }

  @Override
  void writeGeneration(String text) throws Exception {
    Rest.send(
        "POST",
        files.server().url() + "/v3/kv/put",
        "{\"key\":\""
            + base64("tenure/shop/generation")
            + "\",\"value\":\""
            + base64(text)
            + "\"}");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /** Raised by one it would be a generation that was in use before. */
  @Test
  void aRestoredStoreHoldsAnOlderGenerationAndIsRaisedToANumberThatNobodyHad() throws Exception {
    generation("raise");
    remember();
    generation("raise");
    loseHistory();

    assertThat(generation("show").out()).contains("is 1");
    assertThat(generation("raise --to 3").out()).contains("was raised from 1 to 3");
  }
}
