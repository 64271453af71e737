package io.tenure;

import io.tenure.spi.Mutation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cells that one lease created, to be deleted when it ends. If that fails they go with the
 * session, so it is tried once. Belongs to the lane.
 */
final class BoundCells {
  private static final Logger log = LoggerFactory.getLogger(BoundCells.class);

  private final Context context;
  private final LiveSession session;
  private final Set<Created> created = new LinkedHashSet<>();

  private record Created(String path, long version) {}

  BoundCells(Context context, LiveSession session) {
    this.context = context;
    this.session = session;
  }

  /** Takes note of a write; a cell that existed before keeps its own life. */
  void wrote(String path, long version, boolean creation) {
    boolean mine = created.removeIf(cell -> cell.path().equals(path));
    if (creation || mine) {
      created.add(new Created(path, version));
    }
  }

  void deleted(String path) {
    created.removeIf(cell -> cell.path().equals(path));
  }

  /** Deletes each cell that still has the version written here, then goes on. */
  void delete(Runnable then) {
    List<Created> cells = new ArrayList<>(created);
    created.clear();
    if (cells.isEmpty() || session.deadline().isOver(context.ticker.read())) {
      then.run();
      return;
    }
    int[] left = {cells.size()};
    Runnable one =
        () -> {
          if (--left[0] == 0) {
            then.run();
          }
        };
    for (Created cell : cells) {
      Mutation deletion =
          new Mutation(cell.path(), Expected.version(cell.version()), Optional.empty(), false);
      context.calls.call(
          () -> session.store().write(Optional.empty(), List.of(deletion)),
          outcome -> one.run(),
          e -> {
            log.warn("the bound cell {} was not deleted and ends with its session", cell.path(), e);
            one.run();
          });
    }
  }
}
