package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  @Test
  void whatIsWrittenIsReadBack() {
    Identity identity =
        new Identity("billing-3 =\n%", "höst", 42, Map.of("zone", "eu 1", "a=b", "c\nd", "", "x"));

    assertThat(Identity.decode(identity.encode())).isEqualTo(identity);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "garbage", "tenure/2\nid=x", "tenure/1\nid=%", "tenure/1\npid=x", "\n\n=\n"})
  void whatAStrangerWroteIsACandidateCalledQuestionMark(String text) {
    assertThat(Identity.decode(text.getBytes(StandardCharsets.UTF_8)).id()).isEqualTo("?");
  }

  @Test
  void noBytesMakeReadingThrow() {
    long seed = 20260119;
    Random random = new Random(seed);
    byte[] good = new Identity("a", "b", 1, Map.of("k", "v")).encode();
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = good.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThatCode(() -> Identity.decode(bytes)).as("seed %d", seed).doesNotThrowAnyException();
    }
    byte[] large = new byte[1 << 20];
    assertThat(Identity.decode(large).id()).isEqualTo("?");
  }

  @Test
  void tooMuchMetadataIsRefused() {
    Identity identity = new Identity("a", "b", 1, Map.of("k", "x".repeat(17_000)));

    assertThatThrownBy(identity::encode)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 16384 bytes");
  }
}
