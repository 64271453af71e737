package io.tenure.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tenure.CasResult;
import io.tenure.Cells;
import io.tenure.CoordinationClient;
import io.tenure.Expected;
import io.tenure.Versioned;

/** A versioned cell: written only if it still holds what was read. */
public final class CellExample {
  private CellExample() {}

  /** Creates a cell, changes it, and fails to change it by an old version. */
  public static void main(String... args) throws InterruptedException {
    try (CoordinationClient client = CoordinationClient.create(Stores.fromArguments(args))) {
      Cells cells = client.cells();
      cells.compareAndSwap("schema", Expected.absent(), "1".getBytes(UTF_8));
      Versioned read = cells.get("schema").orElseThrow();
      Expected unchanged = Expected.version(read.version());
      CasResult first = cells.compareAndSwap("schema", unchanged, "2".getBytes(UTF_8));
      CasResult second = cells.compareAndSwap("schema", unchanged, "3".getBytes(UTF_8));
      System.out.println("first swap: " + first.swapped() + ", second: " + describe(second));
    }
  }

  private static String describe(CasResult result) {
    return result instanceof CasResult.Differs differs
        ? "the cell holds " + differs.current().text()
        : "swapped";
  }
}
