package io.tenure.fencing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.CoordinationException;
import io.tenure.FencingToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class StaleTokenExceptionTest {
  private final StaleTokenException refusal =
      new StaleTokenException("accounts/42", FencingToken.of(7), FencingToken.of(9));

  @Test
  void saysInOneSentenceWhichTokenWasRefusedWhereAndByWhat() {
    assertThat(refusal)
        .hasMessage(
            "token 7 is stale for resource 'accounts/42', which has already seen token 9: there is"
                + " a newer holder, and this one's writes are refused");
  }

  @Test
  void answersForTheResourceAndBothTokens() {
    assertThat(refusal.resource()).isEqualTo("accounts/42");
    assertThat(refusal.presented()).isEqualTo(FencingToken.of(7));
    assertThat(refusal.highWaterMark()).isEqualTo(FencingToken.of(9));
  }

  @Test
  void belongsToTheCoordinationFamily() {
    assertThat(refusal).isInstanceOf(CoordinationException.class);
  }

  @Test
  void keepsItsFactsWhenSerialized() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(refusal);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      StaleTokenException copy = (StaleTokenException) in.readObject();
      assertThat(copy.presented()).isEqualTo(refusal.presented());
      assertThat(copy.highWaterMark()).isEqualTo(refusal.highWaterMark());
      assertThat(copy.resource()).isEqualTo(refusal.resource());
    }
  }
}
