package io.tenure.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands behind the scheme of a store's URI. */
class AddressesTest {
  @Test
  void theTickOfAZooKeeperStandsBehindItsAddress() {
    assertThat(ZooKeeperAddress.parse("h:1,i:2"))
        .isEqualTo(new ZooKeeperAddress("h:1,i:2", Duration.ofSeconds(2)))
        .hasToString("h:1,i:2");
    assertThat(ZooKeeperAddress.parse("h:1?tick=200ms"))
        .isEqualTo(new ZooKeeperAddress("h:1", Duration.ofMillis(200)))
        .hasToString("h:1?tick=200ms");
    assertThatIllegalArgumentException().isThrownBy(() -> ZooKeeperAddress.parse("h:1?tick=2"));
  }

  @Test
  void theServersOfEtcdAndConsulAreHostsWithPortsAndNothingElse() {
    assertThat(HostPorts.parse("a:1,[::1]:2").urls(false))
        .containsExactly("http://a:1", "http://[::1]:2");
    assertThat(HostPorts.parse("a:1").onlyUrl(false)).isEqualTo("http://a:1");
    assertThat(HostPorts.parse("a:1").onlyUrl(true)).isEqualTo("https://a:1");
    for (String address : List.of("", "a", "a:1,", "a:1/x", "http://a:1", "a:1?x=y", "a:1 ")) {
      assertThatIllegalArgumentException().isThrownBy(() -> HostPorts.parse(address));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreKind.CONSUL.connect("a:1,b:2"))
        .withMessageContaining("one agent");
  }
}
