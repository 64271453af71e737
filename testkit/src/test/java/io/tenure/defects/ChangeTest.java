package io.tenure.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A defect that is not there any more is no defect that was caught. */
class ChangeTest {
  private static final String SOURCE = "int twice(int n) {\n  return n\n      + n;\n}\n";

  private static Change change(String find, String replacement) {
    return Change.core("None.java", find, replacement);
  }

  @Test
  void replacesItsTextWhateverTheWhiteSpace() {
    assertThat(change("return n + n;", "return n * n; // $1").applyTo(SOURCE))
        .isEqualTo("int twice(int n) {\n  return n * n; // $1\n}\n");
  }

  @Test
  void failsIfItsTextIsNotThere() {
    assertThatIllegalStateException()
        .isThrownBy(() -> change("return n - n;", "").applyTo(SOURCE))
        .withMessageContaining("0 places");
  }

  @Test
  void failsIfItsTextIsThereTwice() {
    assertThatIllegalStateException()
        .isThrownBy(() -> change("n", "m").applyTo(SOURCE))
        .withMessageContaining("places, and not one");
  }

  @Test
  void failsIfItDoesNotCompile() {
    Change broken =
        Change.core("Backoff.java", "void reset() { failures = 0; }", "void reset() { oops(); }");
    assertThatIllegalStateException()
        .isThrownBy(() -> Compiled.changed(List.of(broken)))
        .withMessageContaining("oops");
  }
}
