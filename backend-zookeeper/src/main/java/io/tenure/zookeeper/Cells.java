package io.tenure.zookeeper;

import io.tenure.Versioned;
import io.tenure.spi.Mutation;
import io.tenure.spi.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;

/**
 * Versioned cells.
 *
 * <p>A cell is a node. Its version is the transaction id of its last write, since the node's own
 * count of writes begins again when the cell was deleted and made again. ZooKeeper compares that
 * count only, so each incarnation of a cell has a <em>marker</em>, an empty node with a unique name
 * beside it that lives and dies with it: a write that also demands the marker cannot hit a later
 * incarnation that happens to have been written as often.
 */
final class Cells {
  private final Paths paths;
  private final Parents parents;
  private final Function<String, List<ACL>> acls;

  Cells(Paths paths, Parents parents, Function<String, List<ACL>> acls) {
    this.paths = paths;
    this.parents = parents;
    this.acls = acls;
  }

  CompletableFuture<Optional<Versioned>> get(Handle handle, String key) {
    return content(handle, key).thenApply(content -> content.map(CellContent::versioned));
  }

  /** Reads a cell linearizably, in one flight. */
  CompletableFuture<Optional<CellContent>> content(Handle handle, String key) {
    String path = paths.cell(key);
    CompletableFuture<?> caughtUp = handle.sync(path);
    return Codes.unlessMissing(handle.data(path, null))
        .thenCombine(caughtUp, (content, done) -> content.map(CellContent::of));
  }

  /** Writes persistent cells, outside of any session of ours. */
  CompletableFuture<WriteOutcome> write(Handle handle, List<Mutation> writes) {
    return new CellWrite(
            handle, this, Optional.empty(), writes, new Belongings(), Codes.Request.LOOK)
        .run();
  }

  /**
   * Writes cells in a session.
   *
   * @param guard the path of the node that must exist for the write to be applied
   * @param belongings where the session's ephemeral cells are put down
   */
  CompletableFuture<WriteOutcome> write(
      Handle handle, Optional<String> guard, List<Mutation> writes, Belongings belongings) {
    return new CellWrite(handle, this, guard, writes, belongings, Codes.Request.READ).run();
  }

  /** Deletes an ephemeral cell, unless it is in another incarnation than that of the marker. */
  static CompletableFuture<?> drop(Handle handle, String marker, String cell) {
    return handle
        .multi(List.of(Op.delete(marker, -1), Op.delete(cell, -1)))
        .thenAccept(results -> results.forEach(result -> failUnlessGone(result, cell)));
  }

  private static void failUnlessGone(OpResult result, String cell) {
    Code code = CellTransaction.code(result);
    if (code != Code.OK && code != Code.NONODE && code != Code.RUNTIMEINCONSISTENCY) {
      throw Codes.explain(Codes.Request.ENTRY, "drop " + cell, KeeperException.create(code, cell));
    }
  }

  String path(String key) {
    return paths.cell(key);
  }

  List<ACL> acl(String path) {
    return acls.apply(path);
  }

  CompletableFuture<Optional<Throwable>> ensureParent(Handle handle, String cellPath) {
    return parents.ensure(handle, Paths.parentOf(cellPath));
  }

  void forgetParent(String cellPath) {
    parents.forget(Paths.parentOf(cellPath));
  }
}
