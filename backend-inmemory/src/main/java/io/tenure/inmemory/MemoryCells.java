package io.tenure.inmemory;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Mutation;
import io.tenure.spi.WriteOutcome.Mismatch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The store's cells. Guarded by the store's lock. */
final class MemoryCells {
  private final TreeMap<String, Cell> cells = new TreeMap<>();

  /** A cell's content, and the session whose end it does not survive. */
  private record Cell(Versioned content, Optional<SessionState> lifetime) {}

  Optional<Versioned> get(String key) {
    return Optional.ofNullable(cells.get(key)).map(Cell::content);
  }

  Map<String, Versioned> all() {
    Map<String, Versioned> copy = new TreeMap<>();
    cells.forEach((key, cell) -> copy.put(key, cell.content()));
    return copy;
  }

  /** Returns the first mutation whose cell is not as expected. */
  Optional<Mismatch> firstMismatch(List<Mutation> writes) {
    for (int i = 0; i < writes.size(); i++) {
      Optional<Versioned> current = get(writes.get(i).key());
      if (!matches(writes.get(i).expected(), current)) {
        return Optional.of(new Mismatch(i, current));
      }
    }
    return Optional.empty();
  }

  /**
   * Applies the mutations. The write that creates a cell decides whether it is ephemeral.
   *
   * @return each cell's new version
   */
  List<OptionalLong> apply(List<Mutation> writes, long revision, Optional<SessionState> session) {
    return writes.stream().map(write -> apply(write, revision, session)).toList();
  }

  private OptionalLong apply(Mutation write, long revision, Optional<SessionState> session) {
    if (write.next().isEmpty()) {
      cells.remove(write.key());
      return OptionalLong.empty();
    }
    Versioned content = new Versioned(write.next().get(), revision);
    Optional<SessionState> lifetime =
        cells.containsKey(write.key())
            ? cells.get(write.key()).lifetime()
            : session.filter(any -> write.ephemeral());
    cells.put(write.key(), new Cell(content, lifetime));
    return OptionalLong.of(revision);
  }

  void dropEphemeral(SessionState session) {
    cells.values().removeIf(cell -> cell.lifetime().filter(session::equals).isPresent());
  }

  private static boolean matches(Expected expected, Optional<Versioned> current) {
    if (expected instanceof Expected.Value value) {
      return current.filter(is -> Arrays.equals(is.value(), value.bytes())).isPresent();
    }
    if (expected instanceof Expected.Version version) {
      return current.filter(is -> is.version() == version.version()).isPresent();
    }
    return current.isEmpty();
  }
}
