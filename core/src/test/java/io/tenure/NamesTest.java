package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final long SEED = 20260117;

  @ParameterizedTest
  @ValueSource(
      strings = {"accounts/42", "100%", "a%2Fb", "é", "名前", "🔒", "a b", "...", "~", "x.y"})
  void anyOtherUnicodeIsAllowedAndComesOutAsAPlainSegment(String name) {
    String segment = Names.segment(name, "a name");

    assertThat(segment).matches("([A-Za-z0-9_-]|%[0-9A-F]{2})+");
    assertThat(URLDecoder.decode(segment, StandardCharsets.UTF_8)).isEqualTo(name);
  }

  @Test
  void noTwoNamesMeet() {
    Random random = new Random(SEED);
    String alphabet = "a/%.2Fé b_-~\uD83D\uDD12";
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      String name = randomName(random, alphabet);
      if (isAllowed(name)) {
        String before = seen.put(Names.segment(name, "a name"), name);
        assertThat(before).as("seed %d", SEED).isIn(null, name);
      }
    }
    assertThat(seen).hasSizeGreaterThan(10_000);
  }

  private static String randomName(Random random, String alphabet) {
    int[] codePoints = alphabet.codePoints().toArray();
    StringBuilder name = new StringBuilder();
    for (int length = random.nextInt(6) + 1; length > 0; length--) {
      name.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return name.toString();
  }

  private static boolean isAllowed(String name) {
    return !name.equals(".") && !name.equals("..");
  }

  @Test
  void locksElectionsAndCellsOfOneNameAreApart() {
    Names names = new Names("prod/billing");

    assertThat(names.lock("x").path()).isEqualTo("prod/billing/lock/x");
    assertThat(names.election("x").path()).isEqualTo("prod/billing/election/x");
    assertThat(names.cell("x")).isEqualTo("prod/billing/cell/x");
    assertThat(names.generation()).isEqualTo("prod/billing/generation");
  }

  @Test
  void aNamespaceMayHaveSlashesAround() {
    assertThat(new Names("/prod/billing/").lock("x").path()).isEqualTo("prod/billing/lock/x");
  }

  @Test
  void aSlashInANameIsNoFolder() {
    assertThat(new Names("n").lock("a/b").path()).isEqualTo("n/lock/a%2Fb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "\u0000", "a\nb", "\u007f", "\u0085", "\uD83D", "a\uDD12"})
  void whatNoStoreCouldKeepIsRefusedWithASentence(String name) {
    assertThatThrownBy(() -> Names.segment(name, "a lock's name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a lock's name")
        .hasMessageContaining("but this");
  }

  @Test
  void bytesAreCountedNotCharacters() {
    assertThat(Names.segment("é".repeat(127) + "x", "a name")).hasSize(127 * 6 + 1);
    assertThatThrownBy(() -> Names.segment("é".repeat(128), "a name"))
        .hasMessage("a name is 1 to 255 bytes of UTF-8, but this has 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a//b", "a/../b"})
  void aNamespaceIsCheckedLikeAName(String namespace) {
    assertThatThrownBy(() -> new Names(namespace)).isInstanceOf(IllegalArgumentException.class);
  }
}
