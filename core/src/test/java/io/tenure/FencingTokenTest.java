package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FencingTokenTest {
  private static final long MAX_REVISION = (1L << FencingToken.REVISION_BITS) - 1;

  @Test
  void withoutAGenerationItIsTheStoresRevision() {
    assertThat(FencingToken.of(0, 4711).value()).isEqualTo(4711);
  }

  @Test
  void carriesGenerationAndRevision() {
    FencingToken token = FencingToken.of(3, 4711);

    assertThat(token.generation()).isEqualTo(3);
    assertThat(token.revision()).isEqualTo(4711);
    assertThat(FencingToken.of(token.value())).isEqualTo(token);
  }

  @Test
  void aRaisedGenerationIsNewerThanEveryRevisionBefore() {
    FencingToken before = FencingToken.of(0, MAX_REVISION);
    FencingToken after = FencingToken.of(1, 1);

    assertThat(after.isNewerThan(before)).isTrue();
    assertThat(after).isGreaterThan(before);
    assertThat(before.isNewerThan(before)).isFalse();
  }

  @Test
  void theGreatestTokenIsPositive() {
    FencingToken greatest = FencingToken.of(FencingToken.MAX_GENERATION, MAX_REVISION);

    assertThat(greatest.value()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void isPositive(long value) {
    assertThatThrownBy(() -> FencingToken.of(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a fencing token is greater than 0, but this is " + value);
  }

  @Test
  void partsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> FencingToken.of(-1, 1))
        .hasMessageContaining("a generation is 0 to 255");
    assertThatThrownBy(() -> FencingToken.of(256, 1))
        .hasMessageContaining("a generation is 0 to 255");
    assertThatThrownBy(() -> FencingToken.of(0, 0)).hasMessageContaining("revision is 1 to");
    assertThatThrownBy(() -> FencingToken.of(0, MAX_REVISION + 1))
        .hasMessageContaining("revision is 1 to");
  }
}
