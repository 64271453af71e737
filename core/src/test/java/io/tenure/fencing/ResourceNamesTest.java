package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "accounts/42",
        "a b",
        "../..",
        "x'; DROP TABLE tenure_fence; --",
        "Zürich",
        "😀"
      })
  void allowsAnyReadableText(String name) {
    assertThatCode(() -> ResourceNames.check(name)).doesNotThrowAnyException();
  }

  @Test
  void refusesAnEmptyName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceNames.check(""))
        .withMessage("a resource's name has 1 to 255 bytes in UTF-8, but this one is empty");
  }

  @Test
  void countsBytesAndNotCharacters() {
    String longest = "é".repeat(127) + "a";
    assertThatCode(() -> ResourceNames.check(longest)).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceNames.check(longest + "a"))
        .withMessage("a resource's name has 1 to 255 bytes in UTF-8, but this one has 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "a\nb", "\t", "a\u007f", "a\u0085"})
  void refusesControlCharacters(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceNames.check(name))
        .withMessageStartingWith(
            "a resource's name has no control characters, but this one has U+");
  }

  @Test
  void saysWhichControlCharacterAndWhere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceNames.check("ab\u0007"))
        .withMessageEndingWith("U+0007 at index 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"high", "low"})
  void refusesHalfOfASurrogatePair(String half) {
    String name = half.equals("high") ? "a\ud83d" : "a\ude00";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceNames.check(name))
        .withMessageContaining("half of a surrogate pair");
  }
}
