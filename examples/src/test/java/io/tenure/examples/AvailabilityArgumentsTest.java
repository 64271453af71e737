package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AvailabilityArgumentsTest {
  @Test
  void withoutArgumentsEveryStoreIsMeasuredTwentyTimes() {
    AvailabilityArguments arguments = AvailabilityArguments.parse();
    assertThat(arguments.stores()).containsExactly(Stores.ETCD, Stores.CONSUL, Stores.ZOOKEEPER);
    assertThat(arguments.runs()).isEqualTo(20);
    assertThat(arguments.ttls()).isEmpty();
    assertThat(arguments.help()).isFalse();
  }

  @Test
  void everyOptionIsRead() {
    AvailabilityArguments arguments =
        AvailabilityArguments.parse("--stores", "zookeeper,etcd", "--runs", "3", "--ttl", "4s,15s");
    assertThat(arguments.stores()).containsExactly(Stores.ZOOKEEPER, Stores.ETCD);
    assertThat(arguments.runs()).isEqualTo(3);
    assertThat(arguments.ttls()).containsExactly(Duration.ofSeconds(4), Duration.ofSeconds(15));
    assertThat(AvailabilityArguments.parse("--help").help()).isTrue();
    assertThat(AvailabilityArguments.HELP).contains("--stores", "--runs", "--ttl", "Exit code");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --stores memory | can be started here is one of etcd, consul, zookeeper
          --stores etcd,  | can be started here is one of
          --runs 0        | the number of runs is 1 to 9999
          --runs many     | the number of runs is 1 to 9999
          --ttl 4         | a duration is a number and a unit
          --ttl           | the option --ttl needs a value
          --store etcd    | there is no option '--store'
          """)
  void nonsenseIsRefusedWithASentence(String line, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AvailabilityArguments.parse(line.split(" ")))
        .withMessageContaining(sentence);
  }
}
