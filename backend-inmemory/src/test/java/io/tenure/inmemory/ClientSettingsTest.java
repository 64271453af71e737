package io.tenure.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.ClientBuilder;
import io.tenure.CoordinationClient;
import io.tenure.LossPolicy;
import io.tenure.spi.Backend;
import io.tenure.spi.ClientSpec;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings are refused at the door, with the relation that they break, and never corrected. */
class ClientSettingsTest {
  private static ClientBuilder builder() {
    return CoordinationClient.builder(InMemoryBackend.create());
  }

  @Test
  void theDefaultsAreAccepted() {
    try (CoordinationClient client = builder().build()) {
      assertThat(client.candidate()).isNotBlank();
    }
  }

  @Test
  void aTimeToLiveOutsideTheStoresRangeIsRefused() {
    assertThatThrownBy(() -> builder().leaseTtl(Duration.ofMillis(9)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a TTL on memory is 10 ms to 86400 s, but leaseTtl is 9 ms");
    assertThatThrownBy(() -> builder().leaseTtl(Duration.ofDays(2)).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().leaseTtl(Duration.ofSeconds(Long.MAX_VALUE)).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoRenewalsAndTheMarginMustFitIntoTheTimeToLive() {
    assertThatThrownBy(
            () ->
                builder()
                    .leaseTtl(Duration.ofSeconds(10))
                    .safetyMargin(Duration.ofSeconds(2))
                    .renewEvery(Duration.ofSeconds(4))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two renewals and the safety margin must fit into the TTL")
        .hasMessageContaining("leaseTtl is 10 s, safetyMargin 2000 ms and renewEvery 4000 ms");
    assertThatCode(
            () ->
                builder()
                    .leaseTtl(Duration.ofSeconds(10))
                    .safetyMargin(Duration.ofSeconds(2))
                    .renewEvery(Duration.ofMillis(3_900))
                    .build()
                    .close())
        .doesNotThrowAnyException();
  }

  @Test
  void aMarginThatLeavesNothingIsRefused() {
    assertThatThrownBy(() -> builder().safetyMargin(Duration.ofSeconds(15)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must fit into the TTL");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void timesAreGreaterThanZero(long nanos) {
    Duration duration = Duration.ofNanos(nanos);

    assertThatThrownBy(() -> builder().safetyMargin(duration).build())
        .hasMessageStartingWith("safetyMargin is greater than zero");
    assertThatThrownBy(() -> builder().renewEvery(duration).build())
        .hasMessageStartingWith("renewEvery is greater than zero");
    assertThatThrownBy(() -> builder().requestTimeout(duration).build())
        .hasMessageStartingWith("requestTimeout is greater than zero");
    assertThatThrownBy(() -> builder().leaseTtl(duration).build())
        .hasMessageStartingWith("a TTL on memory is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000b", "\uD83D", ".."})
  void aCandidatesIdIsCheckedLikeAName(String id) {
    assertThatThrownBy(() -> builder().candidate(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a//b", "a/./b"})
  void aNamespaceIsMadeOfNames(String namespace) {
    assertThatThrownBy(() -> builder().namespace(namespace).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void metadataHasALimit() {
    assertThatThrownBy(() -> builder().metadata(Map.of("k", "x".repeat(17_000))).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 16384 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 256})
  void aHaltIsNotTakenForSuccess(int exitCode) {
    assertThatThrownBy(() -> LossPolicy.haltProcess(exitCode, "lost"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 255");
  }

  @Test
  void whatWasRefusedLeavesTheBackendToTheNextBuilder() {
    InMemoryBackend backend = InMemoryBackend.create();
    assertThatThrownBy(
            () -> CoordinationClient.builder(backend).leaseTtl(Duration.ofDays(9)).build())
        .isInstanceOf(IllegalArgumentException.class);

    assertThatCode(() -> CoordinationClient.create(backend).close()).doesNotThrowAnyException();
  }

  @Test
  void clientsOfOneBackendMeetInItsStore() throws InterruptedException {
    InMemoryBackend backend = InMemoryBackend.create();
    try (CoordinationClient one = CoordinationClient.create(backend);
        CoordinationClient other = CoordinationClient.create(backend)) {
      one.lock("x").acquire();
      assertThat(other.lock("x").tryAcquire()).isEmpty();
    }
  }

  @Test
  void whatIsRefusedOpensNothing() {
    AtomicInteger opened = new AtomicInteger();
    Backend backend =
        new Backend() {
          @Override
          public Traits traits() {
            return InMemoryBackend.create().traits();
          }

          @Override
          public StoreConnection open(ClientSpec spec) {
            opened.incrementAndGet();
            return InMemoryBackend.create().open(spec);
          }
        };
    Map<String, String> tooMuch = Map.of("key", "v".repeat(20_000));

    assertThatThrownBy(() -> CoordinationClient.builder(backend).metadata(tooMuch).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CoordinationClient.builder(backend).namespace("a//b").build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(opened).hasValue(0);
  }
}
