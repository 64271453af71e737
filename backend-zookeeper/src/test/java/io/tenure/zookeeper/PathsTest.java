package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.zookeeper.Paths.EntryName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";

  @Test
  void queuesAndCellsAreBelowTheRootAndTheNamespace() {
    QueueName queue = new QueueName("prod/lock/a%2Fb");

    assertThat(new Paths("", "/tenure").queue(queue)).isEqualTo("/tenure/prod/lock/a%2Fb");
    assertThat(new Paths("team/x", "/tenure").cell("prod/cell/a"))
        .isEqualTo("/team/x/tenure/prod/cell/a");
    assertThat(new Paths("", "/").cell("a")).isEqualTo("/a");
    assertThat(new Paths("team", "/").queue(queue)).isEqualTo("/team/prod/lock/a%2Fb");
  }

  @Test
  void anEntrysNameIsReadBackFromItsNode() {
    String prefix = Paths.entryPrefix("/q", new EntrySpec(ID, "p3", new byte[0]));

    EntryName name = Paths.entryName(Paths.nodeOf(prefix + "0000000042")).orElseThrow();

    assertThat(name.id()).isEqualTo(ID);
    assertThat(name.kind()).isEqualTo("p3");
    assertThat(name.sequence()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-000000005", "-2147483648", "2147483647"})
  void aSequenceAtTheEndOfTheServersCounterIsReadAndNotTrusted(String sequence) {
    EntryName name = Paths.entryName("w." + ID + "-" + sequence).orElseThrow();

    assertThat(name.sequence()).isEqualTo(Integer.parseInt(sequence));
    assertThat(name.isInOrder()).isFalse();
  }

  @Test
  void theLastSequenceBeforeTheEndIsTrusted() {
    assertThat(Paths.entryName("w." + ID + "-2147483646").orElseThrow().isInOrder()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "w",
        "lock-0000000001",
        "w.0123-0000000001",
        "W.0123456789abcdef0123456789abcdef-0000000001",
        "w.0123456789abcdef0123456789abcdef",
        "w.0123456789abcdef0123456789abcdef-",
        "w.0123456789abcdef0123456789abcdef-1",
        "w.0123456789abcdef0123456789abcdef-9999999999",
        "w.0123456789abcdef0123456789abcdef-00000000010",
        "w.0123456789ABCDEF0123456789abcdef-0000000001",
        "_c_0123-w.0123456789abcdef0123456789abcdef-0000000001"
      })
  void whatIsNotAnEntryIsNotReadAsOne(String stranger) {
    assertThat(Paths.entryName(stranger)).isEmpty();
  }

  @Test
  void levelsAreListedFromTheOutermost() {
    assertThat(Paths.levels("/a/b/c")).isEqualTo(List.of("/a", "/a/b", "/a/b/c"));
    assertThat(Paths.parentOf("/a/b")).isEqualTo("/a");
    assertThat(Paths.parentOf("/a")).isEmpty();
  }
}
