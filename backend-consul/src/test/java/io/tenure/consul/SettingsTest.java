package io.tenure.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String ADDRESS = "http://127.0.0.1:1";

  private static ClientSpec spec(Duration ttl) {
    return new ClientSpec(
        "tester", ttl, ttl.dividedBy(6), ttl.dividedBy(10), Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8500, http://localhost:8500",
    "http://localhost, http://localhost:8500",
    "https://consul.example/, https://consul.example:8501",
    "http://[::1]:80, http://[::1]:80"
  })
  void anAddressHasAPort(String address, String complete) {
    assertThat(AgentAddress.parse(address)).hasToString(complete);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:8500",
        "127.0.0.1",
        "ftp://localhost",
        "http://",
        "http://secret@localhost",
        "http://localhost/consul",
        "http://localhost?token=secret",
        "http://local host"
      })
  void anAddressThatIsNoneOrHasMoreIsRefusedWithoutRepeatingIt(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsulBackend.connect(address))
        .withMessageContaining("http://host:port")
        .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"))
        .withNoCause();
  }

  @Test
  void aRootThatIsNoneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsulBackend.builder(ADDRESS).root("/tenure"))
        .withMessageContaining("'/tenure'");
  }

  @Test
  void tlsWithoutHttpsIsRefused() throws Exception {
    SSLContext context = SSLContext.getDefault();
    assertThatIllegalStateException()
        .isThrownBy(() -> ConsulBackend.builder(ADDRESS).tls(context))
        .withMessageContaining("https");
  }

  @Test
  void theTimeToLiveIsTenSecondsToADay() {
    ConsulBackend backend = ConsulBackend.connect(ADDRESS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.open(spec(Duration.ofSeconds(9))))
        .withMessageContaining("PT10S");
    assertThatIllegalArgumentException().isThrownBy(() -> backend.open(spec(Duration.ofHours(25))));
    backend.open(spec(Duration.ofSeconds(10))).close();
  }

  @Test
  void theShortestTimeToLiveIsWhatTheServersAreConfiguredTo() {
    assertThat(
            ConsulBackend.builder(ADDRESS)
                .sessionTtlMin(Duration.ofSeconds(2))
                .build()
                .traits()
                .minTtl())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(
            ConsulBackend.builder(ADDRESS)
                .sessionTtlMin(Duration.ofSeconds(60))
                .build()
                .traits()
                .defaultTtl())
        .isEqualTo(Duration.ofSeconds(60));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsulBackend.builder(ADDRESS).sessionTtlMin(Duration.ZERO));
  }

  @Test
  void theTraitsAreConsuls() {
    Traits traits = ConsulBackend.connect(ADDRESS).traits();
    assertThat(traits.store()).isEqualTo("Consul");
    assertThat(traits.tokenSource()).isEqualTo("CreateIndex");
    assertThat(traits.worstExpiry(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(21));
    assertThat(traits.maxTtl()).isEqualTo(Duration.ofHours(24));
    assertThat(traits.lateApplyWindow()).isZero();
  }

  @Test
  void aConnectionThatWasNeverUsedIsClosedAsOftenAsOneLikes() {
    StoreConnection connection = ConsulBackend.connect(ADDRESS).open(spec(Duration.ofSeconds(15)));
    connection.close();
    connection.close();
  }

  @Test
  void nothingIsSaidOfTheToken() {
    ConsulBackend.Builder builder = ConsulBackend.builder(ADDRESS).token("secret");
    ConsulBackend backend = builder.build();
    assertThat(backend.toString()).contains("127.0.0.1").doesNotContain("secret");
    assertThat(builder.toString()).doesNotContain("secret");
  }
}
