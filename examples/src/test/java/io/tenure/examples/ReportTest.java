package io.tenure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.FencingToken;
import io.tenure.examples.Report.What;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportTest {
  @Test
  void aReportIsReadBackFromItsLine() {
    List<Report> reports =
        List.of(
            Report.of(What.NOT_LEADING),
            Report.of(What.ELECTED, FencingToken.of(7)),
            Report.of(What.APPENDED, FencingToken.of(7), 12),
            Report.of(What.REFUSED, FencingToken.of(7), "a sentence of several words"));
    assertThat(reports).allSatisfy(r -> assertThat(Report.parse(r.line())).contains(r));
  }

  @Test
  void aDetailOfSeveralLinesBecomesOne() {
    assertThat(Report.of(What.FAILED, "first\n\tsecond").line()).isEqualTo("failed 0 first second");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "elected", "elected 7", "elected x ", "hello 7 ", "Picked up options"})
  void anyOtherLineIsNoReport(String line) {
    assertThat(Report.parse(line)).isEmpty();
  }
}
