package io.tenure.testkit.sim;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Mutation;
import io.tenure.spi.WriteOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The cells of the simulated store. */
final class StoredCells {
  private record Cell(Versioned content, Optional<StoredSession> lifetime) {}

  private final Map<String, Cell> cells = new TreeMap<>();

  Optional<Versioned> get(String key) {
    return Optional.ofNullable(cells.get(key)).map(Cell::content);
  }

  /** Finds the first mutation whose cell is not as expected. */
  Optional<WriteOutcome.Mismatch> mismatch(List<Mutation> writes) {
    for (int i = 0; i < writes.size(); i++) {
      Optional<Versioned> current = get(writes.get(i).key());
      if (!isAsExpected(writes.get(i).expected(), current)) {
        return Optional.of(new WriteOutcome.Mismatch(i, current));
      }
    }
    return Optional.empty();
  }

  private static boolean isAsExpected(Expected expected, Optional<Versioned> current) {
    if (expected instanceof Expected.Value value) {
      return current.filter(is -> Arrays.equals(is.value(), value.bytes())).isPresent();
    }
    if (expected instanceof Expected.Version version) {
      return current.filter(is -> is.version() == version.version()).isPresent();
    }
    return current.isEmpty();
  }

  List<OptionalLong> apply(List<Mutation> writes, long revision, Optional<StoredSession> session) {
    List<OptionalLong> versions = new ArrayList<>();
    for (Mutation write : writes) {
      if (write.next().isEmpty()) {
        cells.remove(write.key());
        versions.add(OptionalLong.empty());
        continue;
      }
      Cell before = cells.get(write.key());
      Optional<StoredSession> lifetime =
          before != null ? before.lifetime() : session.filter(any -> write.ephemeral());
      cells.put(write.key(), new Cell(new Versioned(write.next().get(), revision), lifetime));
      versions.add(OptionalLong.of(revision));
    }
    return versions;
  }

  void dropEphemeral(StoredSession session) {
    cells.values().removeIf(cell -> cell.lifetime().filter(session::equals).isPresent());
  }

  /** The cells that should end with a session, for the check that none outlives its own. */
  long ephemeral() {
    return cells.values().stream().filter(cell -> cell.lifetime().isPresent()).count();
  }
}
