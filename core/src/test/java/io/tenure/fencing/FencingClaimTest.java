package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.FencingToken;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FencingClaimTest {
  private static final FencingClaim CLAIM = claim("accounts/42", "worker-3", 1234);

  private static FencingClaim claim(String name, String owner, long token) {
    return new FencingClaim(name, owner, FencingToken.of(token), OptionalLong.empty());
  }

  @Test
  void isOneLineOfPrintableAscii() {
    assertThat(CLAIM.toText()).isEqualTo("v1;name=accounts%2F42;owner=worker-3;token=1234");
    assertThat(CLAIM.withSequence(7).toText())
        .isEqualTo("v1;name=accounts%2F42;owner=worker-3;token=1234;sequence=7");
    assertThat(claim("Zürich; ü=%", "\ud83d\ude00 b", 1).toText())
        .isEqualTo("v1;name=Z%C3%BCrich%3B%20%C3%BC%3D%25;owner=%F0%9F%98%80%20b;token=1");
  }

  @Test
  void isReadAsItWasWritten() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1_000; i++) {
      FencingClaim claim = claim(text(random), text(random), random.nextLong(1, Long.MAX_VALUE));
      assertThat(FencingClaim.parse(claim.toText())).isEqualTo(claim);
      FencingClaim numbered = claim.withSequence(random.nextLong(1, Long.MAX_VALUE));
      assertThat(FencingClaim.parse(numbered.toText())).isEqualTo(numbered);
    }
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    random
        .ints(1 + random.nextInt(40), ' ', 0x2FF)
        .filter(c -> !Character.isISOControl(c))
        .forEach(text::appendCodePoint);
    return text.isEmpty() ? "x" : text.toString();
  }

  @Test
  void takesTheLongestNamesAndTheGreatestNumbers() {
    FencingClaim longest =
        claim("\u00e9".repeat(127) + "+", "\u00e9".repeat(127) + "+", Long.MAX_VALUE)
            .withSequence(Long.MAX_VALUE);
    assertThat(FencingClaim.parse(longest.toText())).isEqualTo(longest);
  }

  /* Each is one step away from a claim that is read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "v1",
        "v2;name=a;owner=b;token=1",
        "V1;name=a;owner=b;token=1",
        " v1;name=a;owner=b;token=1",
        "v1;name=a;owner=b;token=1 ",
        "v1;name=a;owner=b;token=1;",
        "v1; name=a; owner=b; token=1",
        "v1;owner=b;name=a;token=1",
        "v1;name=a;name=a;owner=b;token=1",
        "v1;name=a;token=1",
        "v1;name=;owner=b;token=1",
        "v1;name=a;owner=;token=1",
        "v1;name=a;owner=b;token=",
        "v1;name=a;owner=b;token=0",
        "v1;name=a;owner=b;token=01",
        "v1;name=a;owner=b;token=+1",
        "v1;name=a;owner=b;token=-1",
        "v1;name=a;owner=b;token=1.0",
        "v1;name=a;owner=b;token=0x1",
        "v1;name=a;owner=b;token=\u0661",
        "v1;name=a;owner=b;token=9223372036854775808",
        "v1;name=a;owner=b;token=99999999999999999999",
        "v1;name=a;owner=b;token=1;sequence=",
        "v1;name=a;owner=b;token=1;sequence=0",
        "v1;name=a;owner=b;token=1;sequence=-1",
        "v1;name=a;owner=b;token=1;sequence=9223372036854775808",
        "v1;name=a;owner=b;token=1;sequence=1;sequence=1",
        "v1;name=a b;owner=b;token=1",
        "v1;name=a+b;owner=b;token=1",
        "v1;name=a/b;owner=b;token=1",
        "v1;name=\u00e9;owner=b;token=1",
        "v1;name=%;owner=b;token=1",
        "v1;name=%4;owner=b;token=1",
        "v1;name=%2f;owner=b;token=1",
        "v1;name=%41;owner=b;token=1",
        "v1;name=%GG;owner=b;token=1",
        "v1;name=%00;owner=b;token=1",
        "v1;name=%0A;owner=b;token=1",
        "v1;name=%FF;owner=b;token=1",
        "v1;name=%C3;owner=b;token=1",
        "v1;name=%C0%AF;owner=b;token=1",
        "v1;name=%ED%A0%80;owner=b;token=1",
        "v1;name=a;owner=b;token=1\n",
        "v1;name=a;owner=b;token=1,v1;name=a;owner=b;token=1"
      })
  void refusesEverythingElse(String garbage) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FencingClaim.parse(garbage))
        .satisfies(refusal -> assertThat(refusal.getMessage()).contains(", but th"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "hello | a claim reads 'v1;name=NAME;owner=OWNER;token=NUMBER', with ';sequence=NUMBER' if"
            + " there is one, but this does not",
        "v1;name=a;owner=b;token=9223372036854775808 | a claim's token is at most"
            + " 9223372036854775807, but this is greater",
        "v1;name=a b;owner=b;token=1 | a claim's name is of A-Z a-z 0-9 - . _ ~ and %XX, but this"
            + " is not",
        "v1;name=%41;owner=b;token=1 | a claim escapes in UTF-8 what has to be and nothing else,"
            + " but this does not",
        "v1;name=a;owner=%0A;token=1 | an owner has no control characters, but this one has U+000A"
            + " at index 0"
      })
  void saysInASentenceWhatIsWrong(String garbage, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FencingClaim.parse(garbage))
        .withMessage(sentence);
  }

  @Test
  void refusesALongTextWithoutLookingAtIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FencingClaim.parse("v1;name=" + "a".repeat(10_000_000)))
        .withMessage("a claim has at most 1610 characters, but this has 10000008");
  }

  @Test
  void nothingThatIsReadIsWrittenInAnotherWay() {
    SplittableRandom random = new SplittableRandom(2);
    String text = CLAIM.withSequence(7).toText();
    int read = 0;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder changed = new StringBuilder(text);
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> changed.setCharAt(at, (char) random.nextInt(1, 0x180));
        case 1 -> changed.deleteCharAt(at);
        default -> changed.insert(at, (char) random.nextInt(1, 0x180));
      }
      try {
        assertThat(FencingClaim.parse(changed.toString()).toText()).isEqualTo(changed.toString());
        read++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).contains(", but th");
      }
    }
    assertThat(read).as("claims that are read, with another name or number").isPositive();
  }

  @Test
  void refusesPartsThatCannotBeSent() {
    assertThatIllegalArgumentException().isThrownBy(() -> claim("", "b", 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> claim("a", "", 1))
        .withMessage("an owner has 1 to 255 bytes in UTF-8, but this one is empty");
    assertThatIllegalArgumentException().isThrownBy(() -> claim("a", "b\ud83d", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> CLAIM.withSequence(0));
  }
}
