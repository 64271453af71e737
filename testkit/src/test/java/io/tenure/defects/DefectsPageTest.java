package io.tenure.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page about planted defects says of each what the tests do. */
class DefectsPageTest {
  private static final Path PAGE = Change.PROJECT.resolve(Path.of("docs", "defects.md"));

  static List<CoreDefect> defects() {
    return CoreDefect.all();
  }

  @ParameterizedTest
  @MethodSource("defects")
  void hasARowOfEachWithItsChecksAndItsTest(CoreDefect defect) throws IOException {
    List<String> expected = new ArrayList<>(List.of("`" + defect.name() + "`"));
    defect.schedules().ifPresent(schedules -> expected.addAll(schedules.checks()));
    defect.contract().ifPresent(test -> expected.add("`" + test + "`"));

    assertThat(Files.readAllLines(PAGE))
        .filteredOn(line -> line.startsWith("| `" + defect.name() + "` |"))
        .singleElement()
        .satisfies(row -> assertThat(row).contains(expected));
  }

  @Test
  void countsThemRight() throws IOException {
    List<CoreDefect> all = defects();
    assertThat(Files.readString(PAGE))
        .contains(
            "Inside the core (%d)".formatted(all.size()),
            "`CoreDefectTest`: %d of them"
                .formatted(all.stream().filter(d -> d.schedules().isPresent()).count()),
            "`CoreDefectContractTest`: %d of them"
                .formatted(all.stream().filter(d -> d.contract().isPresent()).count()));
  }
}
