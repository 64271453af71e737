package io.tenure.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final QueueName QUEUE = new QueueName("prod/lock/a%2Fb");

  private final Keys keys = new Keys("tenure/team");

  @Test
  void anEntryIsAKeyBelowItsQueue() {
    String key = keys.entry(QUEUE, new EntrySpec(ID, "w", new byte[0]));

    assertThat(key).isEqualTo("tenure/team/prod/lock/a%2Fb/w." + ID);
    assertThat(Keys.entryName(key, keys.queue(QUEUE))).contains(new Keys.EntryName("w", ID));
  }

  @Test
  void thePercentSignIsEscapedOnceForAUrl() {
    assertThat(Keys.url("tenure/lock/a%2Fb")).isEqualTo("/v1/kv/tenure/lock/a%252Fb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenure/team/prod/lock/a%2Fb/" + ID,
        "tenure/team/prod/lock/a%2Fb/." + ID,
        "tenure/team/prod/lock/a%2Fb/W." + ID,
        "tenure/team/prod/lock/a%2Fb/w.abc",
        "tenure/team/prod/lock/a%2Fb/w." + ID + "0",
        "tenure/team/prod/lock/a%2Fb/inner/w." + ID,
        "tenure/team/prod/lock/a%2Fb/w." + ID + "/x",
        "tenure/team/prod/lock/a%2F/w." + ID,
        "tenure/team/prod/lock/other/w." + ID,
        "tenure/team/prod/lock/a%2Fb/"
      })
  void whatHasNotTheFormOfAnEntryIsNone(String key) {
    assertThat(Keys.entryName(key, keys.queue(QUEUE))).isEmpty();
  }

  @Test
  void everyQueueHasADirectoryThatItSharesWithOthers() {
    String queue = keys.queue(QUEUE);

    assertThat(Keys.parent(queue)).isEqualTo("tenure/team/prod/lock/");
    assertThat(Keys.directory(queue + "w." + ID)).isEqualTo(queue);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenure", "a/b_c/D-1"})
  void aRootIsMadeOfPlainSegments(String root) {
    assertThat(Keys.isRoot(root)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", "..", "a/../b", "a b", "a%2Fb", "a?b"})
  void aRootThatTheAgentWouldCleanOrReadOtherwiseIsNone(String root) {
    assertThat(Keys.isRoot(root)).isFalse();
  }
}
