package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutageTableTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOneInWhateverOrderTheyCame() {
    Outages outages = of(5_000, 1_000, 3_000);
    assertThat(outages.min()).isEqualTo(Duration.ofSeconds(1));
    assertThat(outages.median()).isEqualTo(Duration.ofSeconds(3));
    assertThat(outages.max()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(of(1_000, 2_000, 4_000, 90_000).median()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void nothingMeasuredIsNoRow() {
    assertThatIllegalArgumentException().isThrownBy(() -> of());
  }

  @ParameterizedTest
  @CsvSource({"8640, 1", "864, 2", "865, 1", "8.64, 4", "8.63, 4", "8.65, 3", "0.0864, 6"})
  void theNinesAreThoseOfADayWithOneSuchOutage(double seconds, int nines) {
    assertThat(Outages.nines(Duration.ofNanos((long) (seconds * 1e9)))).isEqualTo(nines);
  }

  @Test
  void aRowHasTheFiguresAndNeverMoreNinesThanTheDayHad() {
    assertThat(OutageTable.of(List.of(of(0, 20, 4_320))).lines().skip(2))
        .containsExactly(
            "| etcd | 2.5 s | SIGKILL | 3 | 0 s | 0.020 s | 4.320 s"
                + " | 99.999976 % (6 nines) | 99.995000 % (4 nines) |");
    assertThat(OutageTable.of(List.of(of(0)))).endsWith("| 0 s | 0 s | 0 s | 100 % | 100 % |\n");
  }

  private static Outages of(long... millis) {
    List<Duration> lengths = LongStream.of(millis).mapToObj(Duration::ofMillis).toList();
    return new Outages("etcd", Duration.ofMillis(2_500), "SIGKILL", lengths);
  }
}
