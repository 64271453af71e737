package io.tenure.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.CellWrite;
import io.tenure.Cells;
import io.tenure.CoordinationClient;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.Versioned;
import io.tenure.WriteResult;
import java.util.List;

/** Two cells that are written together or not at all, and only while a lock is held. */
public final class SeveralCellsExample {
  private SeveralCellsExample() {}

  /** Moves an amount between two cells, and fails to move it again by the old versions. */
  public static void main(String... args) throws InterruptedException {
    try (CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args));
        Lease lease = client.lock("accounts").acquire()) {
      client
          .cells()
          .writeAll(
              List.of(
                  CellWrite.put("accounts/42", Expected.absent(), bytes(1_000)),
                  CellWrite.put("accounts/43", Expected.absent(), bytes(0))));
      Cells guarded = client.cells().guardedBy(lease);
      Versioned from = guarded.get("accounts/42").orElseThrow();
      Versioned to = guarded.get("accounts/43").orElseThrow();
      move(guarded, from, to);
      move(guarded, from, to);
    }
  }

  private static void move(Cells guarded, Versioned from, Versioned to)
      throws InterruptedException {
    WriteResult result =
        guarded.writeAll(
            List.of(
                CellWrite.put("accounts/42", Expected.version(from.version()), bytes(900)),
                CellWrite.put("accounts/43", Expected.version(to.version()), bytes(100))));
    if (result instanceof WriteResult.Differs differs) {
      System.out.println(
          "nothing was moved: " + differs.key() + " holds " + differs.current().text());
    } else {
      System.out.println("moved");
    }
  }

  private static byte[] bytes(int amount) {
    return Integer.toString(amount).getBytes(UTF_8);
  }
}
