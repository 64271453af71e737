package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrillArgumentsTest {
  @Test
  void withoutArgumentsNoServerIsAskedForAndTheLedgerIsGuarded() {
    DrillArguments arguments = DrillArguments.parse();
    assertThat(arguments.store()).isEmpty();
    assertThat(arguments.start()).isEmpty();
    assertThat(arguments.ttl()).isEmpty();
    assertThat(arguments.guarded()).isTrue();
    assertThat(arguments.help()).isFalse();
  }

  @Test
  void everyOptionIsRead() {
    DrillArguments arguments =
        DrillArguments.parse("--ttl", "1500ms", "--unguarded", "--store", "zookeeper://h:1,i:2/x");
    assertThat(arguments.store()).contains("zookeeper://h:1,i:2/x");
    assertThat(arguments.ttl()).contains(Duration.ofMillis(1500));
    assertThat(arguments.guarded()).isFalse();
    assertThat(DrillArguments.parse("--start", "zookeeper").start()).contains(Stores.ZOOKEEPER);
    assertThat(DrillArguments.parse("--help").help()).isTrue();
  }

  @Test
  void theHelpListsEveryOptionAndEveryStoreThatCanBeStarted() {
    assertThat(DrillArguments.HELP)
        .contains("--store", "--start", "--ttl", "--unguarded", "--help", "Exit code")
        .contains("start a server for this run: " + Stores.startableNames() + ".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --tll 4s                          | there is no option '--tll'
          4s                                | there is no option '4s'
          --ttl                             | the option --ttl needs a value
          --ttl soon                        | a duration is a number and a unit
          --ttl 4h                          | a duration is a number and a unit
          --store                           | the option --store needs a value
          --store host:2181                 | a store is one of
          --store oracle://h:1              | a store is one of
          --store memory://                 | only one can see a store in memory
          --start memory                    | can be started here is one of etcd, consul, zookeeper
          --store etcd://me:secret@h:1      | EtcdBackend.builder(…).user(…)
          --store consul://h:1?token=secret | ConsulBackend.builder(…).token(…)
          --store zookeeper://me:secret@h:1 | ZooKeeperBackend.builder(…).authorization(…)
          --store zookeeper://h:1 --start zookeeper | give one of the two
          """)
  void nonsenseIsRefusedWithASentence(String line, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DrillArguments.parse(line.split(" ")))
        .withMessageContaining(sentence);
  }

  @Test
  void anAtSignInAPathIsNoCredential() {
    assertThat(Stores.ofUri("zookeeper://h:2181/apps@home")).isEqualTo(Stores.ZOOKEEPER);
  }
}
