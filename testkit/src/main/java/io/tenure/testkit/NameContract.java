package io.tenure.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tenure.CasResult;
import io.tenure.Cells;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names and values: any Unicode, as long as promised, and no two of them meet. */
abstract class NameContract extends ContractGroup {
  private static final int MAX_VALUE_BYTES = 65_536;

  /** Names that differ, some by what a careless store client would take away. */
  private static final List<String> NAMES =
      List.of(
          "a",
          "A",
          "a ",
          " a",
          "a/b",
          "a%2Fb",
          "a%2fb",
          "a%252Fb",
          "a//b",
          "/a",
          "a/",
          "/",
          "//",
          "%",
          "%2",
          "%00",
          "a.b",
          "...",
          "a/../b",
          "../a",
          "./a",
          "a?b",
          "a#b",
          "a+b",
          "a*b",
          "a\\b",
          "a:b",
          "a|b",
          "a\"b",
          "ä",
          "a\u0308",
          "日本語",
          "🔒",
          "ＡＢＣ",
          "\u200b",
          "-",
          "_",
          "0000000000",
          "zookeeper",
          "lock",
          "election",
          "cell",
          "generation",
          "x".repeat(255),
          "é".repeat(127),
          "🔒".repeat(63));

  NameContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void differentNamesAreDifferentLocks() throws InterruptedException {
    Member a = clients.join("a");
    Member b = clients.join("b");
    List<Lease> leases = new ArrayList<>();
    for (String name : NAMES) {
      Lease lease = a.lock(name).tryAcquire().orElseThrow();
      assertThat(lease.name()).isEqualTo(name);
      leases.add(lease);
    }
    assertThat(leases).allMatch(Lease::isHeld);
    for (int i = 0; i < NAMES.size(); i++) {
      assertThat(b.lock(NAMES.get(i)).holder().orElseThrow().token())
          .as("the holder of '%s'", NAMES.get(i))
          .isEqualTo(leases.get(i).token());
    }
  }

  @Test
  void differentKeysAreDifferentCells() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    for (String key : NAMES) {
      assertThat(cells.compareAndSwap(key, Expected.absent(), key.getBytes(UTF_8)).swapped())
          .isTrue();
    }
    for (String key : NAMES) {
      Versioned cell = cells.get(key).orElseThrow();
      assertThat(cell.value()).isEqualTo(key.getBytes(UTF_8));
      assertThat(cells.delete(key, Expected.version(cell.version())).swapped()).isTrue();
    }
  }

  @Test
  void candidatesMayHaveAnyName() throws InterruptedException {
    Member a = clients.join("host-7/日本:🔒 %2F");
    a.lock("x").acquire();
    assertThat(clients.join("b").lock("x").holder().orElseThrow().id())
        .isEqualTo("host-7/日本:🔒 %2F");
  }

  @Test
  void namesThatNoStoreShouldSeeAreRefusedAtTheDoor() {
    Member a = clients.join("a");
    for (String name : List.of("", ".", "..", "a\u0000", "\n", "\ud800", "x".repeat(256))) {
      assertThatIllegalArgumentException().isThrownBy(() -> a.lock(name));
      assertThatIllegalArgumentException().isThrownBy(() -> a.latch(name));
      assertThatIllegalArgumentException().isThrownBy(() -> a.election(name));
      assertThatIllegalArgumentException().isThrownBy(() -> a.cells().get(name));
    }
  }

  @Test
  void valuesOfAnyLengthUpToTheLimitComeBackAsTheyWere() throws InterruptedException {
    Cells cells = clients.join("a").cells();
    for (int length : new int[] {0, 1, 1_000, MAX_VALUE_BYTES}) {
      byte[] value = new byte[length];
      new Random(length).nextBytes(value);
      CasResult created = cells.compareAndSwap("k", Expected.absent(), value);
      Versioned read = cells.get("k").orElseThrow();
      assertThat(read.value()).isEqualTo(value);
      assertThat(created).isEqualTo(new CasResult.Swapped(read.version()));
      assertThat(cells.delete("k", Expected.value(value)).swapped()).isTrue();
    }
  }

  @Test
  void aValueBeyondTheLimitIsRefusedAtTheDoor() {
    Cells cells = clients.join("a").cells();
    byte[] value = new byte[MAX_VALUE_BYTES + 1];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cells.compareAndSwap("k", Expected.absent(), value));
  }

  @Test
  void theLargestMetadataIsShownAsItWas() throws InterruptedException {
    String text = "x".repeat(15_000);
    clients
        .join("a", settings -> settings.metadata(java.util.Map.of("k", text)))
        .lock("x")
        .acquire();
    assertThat(clients.join("b").lock("x").holder().orElseThrow().metadata())
        .containsEntry("k", text);
  }
}
