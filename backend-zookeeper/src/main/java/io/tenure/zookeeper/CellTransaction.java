package io.tenure.zookeeper;

import io.tenure.spi.Mutation;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** The operations that one attempt at an atomic write sends, and what each of them is there for. */
final class CellTransaction {
  private static final byte[] NOTHING = {};

  /** A server closes the connection on more than jute.maxbuffer, by default 1,048,575 bytes. */
  private static final int MAX_BYTES = 1_000_000;

  /** What an operation takes besides its path and data, generously. */
  private static final int OVERHEAD = 128;

  private final Handle handle;
  private final Cells cells;
  private final Belongings belongings;
  private final List<Op> ops = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private final List<String> bound = new ArrayList<>();
  private Optional<String> newMarker = Optional.empty();
  private boolean tellsZxid;
  private long bytes;

  /** What an operation is there for. */
  enum Step {
    /** Demands the entry that guards the write. */
    GUARD,
    /** Demands or deletes the marker of the incarnation that was read. */
    MARKER,
    /** Writes or deletes the cell as it was read. */
    CELL,
    /** Creates a cell or its marker. */
    CREATE
  }

  private record Part(Step step, String incarnation) {}

  /** Why the server refused: the operation, and its error. */
  record Failure(Step step, Code code, String path, String incarnation) {}

  CellTransaction(Handle handle, Cells cells, Belongings belongings) {
    this.handle = handle;
    this.cells = cells;
    this.belongings = belongings;
  }

  void guard(String entryPath) {
    add(Step.GUARD, "", Op.check(entryPath, -1), NOTHING);
  }

  /** Adds what turns the content that was read into the content that is wanted. */
  void add(Mutation write, Optional<CellContent> content) {
    String path = cells.path(write.key());
    Optional<byte[]> next = write.next();
    if (next.isEmpty()) {
      content.ifPresent(is -> delete(path, is));
    } else if (content.isEmpty()) {
      create(path, next.get(), write.ephemeral());
    } else if (content.get().incarnation().isPresent()) {
      rewrite(path, content.get(), content.get().incarnation().get(), next.get());
    } else {
      adopt(path, content.get(), next.get());
    }
  }

  private void rewrite(String path, CellContent content, String incarnation, byte[] value) {
    add(Step.MARKER, incarnation, Op.check(Paths.marker(path, incarnation), -1), NOTHING);
    setData(path, content, CellContent.encode(incarnation, value));
  }

  /** Gives a marker to a node that has none, since a stranger made it or deleted its marker. */
  private void adopt(String path, CellContent content, byte[] value) {
    String incarnation = CellContent.newIncarnation();
    String marker = Paths.marker(path, incarnation);
    CreateMode mode = content.owner() == 0 ? CreateMode.PERSISTENT : CreateMode.EPHEMERAL;
    setData(path, content, CellContent.encode(incarnation, value));
    add(Step.CREATE, "", Op.create(marker, NOTHING, cells.acl(marker), mode), NOTHING);
  }

  private void setData(String path, CellContent content, byte[] data) {
    add(Step.CELL, "", Op.setData(path, data, content.dataVersion()), data);
    tellsZxid = true;
  }

  private void delete(String path, CellContent content) {
    content
        .incarnation()
        .ifPresent(
            incarnation -> {
              String marker = Paths.marker(path, incarnation);
              add(Step.MARKER, incarnation, Op.delete(marker, -1), NOTHING);
              dropped.add(marker);
            });
    add(Step.CELL, "", Op.delete(path, content.dataVersion()), NOTHING);
  }

  private void create(String path, byte[] value, boolean ephemeral) {
    String incarnation = CellContent.newIncarnation();
    String marker = Paths.marker(path, incarnation);
    CreateMode mode = ephemeral ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT;
    byte[] data = CellContent.encode(incarnation, value);
    add(Step.CREATE, "", Op.create(path, data, cells.acl(path), mode), data);
    add(Step.CREATE, "", Op.create(marker, NOTHING, cells.acl(marker), mode), NOTHING);
    newMarker = Optional.of(marker);
    if (ephemeral) {
      belongings.sendingCell(marker, path);
      bound.add(marker);
    }
  }

  private void add(Step step, String incarnation, Op op, byte[] data) {
    bytes += op.getPath().length() + data.length + OVERHEAD;
    ops.add(op);
    parts.add(new Part(step, incarnation));
  }

  boolean isEmpty() {
    return ops.isEmpty();
  }

  CompletableFuture<List<OpResult>> send() {
    if (!tellsZxid) {
      // Creating a node does not tell the transaction's id, writing to it in the same one does.
      newMarker.ifPresent(marker -> add(Step.CREATE, "", Op.setData(marker, NOTHING, 0), NOTHING));
    }
    if (bytes > MAX_BYTES) {
      throw new StoreException(
          Outcome.REFUSED,
          "an atomic write may have "
              + MAX_BYTES
              + " bytes of keys and values, but this one has "
              + bytes);
    }
    return belongings.unlessClosed(() -> handle.multi(ops));
  }

  /** Returns the id of an applied transaction, if it wrote anything. */
  static OptionalLong zxid(List<OpResult> results) {
    return results.stream()
        .filter(OpResult.SetDataResult.class::isInstance)
        .mapToLong(result -> ((OpResult.SetDataResult) result).getStat().getMzxid())
        .findFirst();
  }

  Optional<Failure> failure(List<OpResult> results) {
    for (int i = 0; i < results.size(); i++) {
      Code code = code(results.get(i));
      if (code != Code.OK && code != Code.RUNTIMEINCONSISTENCY) {
        Part part = parts.get(i);
        return Optional.of(
            new Failure(part.step(), code, ops.get(i).getPath(), part.incarnation()));
      }
    }
    return refused(results)
        ? Optional.of(new Failure(Step.CELL, Code.SYSTEMERROR, ops.get(0).getPath(), ""))
        : Optional.empty();
  }

  private static boolean refused(List<OpResult> results) {
    return results.stream().anyMatch(OpResult.ErrorResult.class::isInstance);
  }

  /**
   * In a refused transaction every operation has an error; those in front of the culprit have 0.
   */
  static Code code(OpResult result) {
    if (result instanceof OpResult.ErrorResult error) {
      Code code = Code.get(error.getErr());
      return code == null ? Code.SYSTEMERROR : code;
    }
    return Code.OK;
  }

  void applied() {
    dropped.forEach(belongings::cellGone);
  }

  void notApplied() {
    bound.forEach(belongings::cellGone);
  }
}
