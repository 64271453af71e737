package io.tenure.consul;

import com.google.gson.annotations.SerializedName;
import io.tenure.consul.Codes.Request;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are applied together or not at all, as one write.
 *
 * <p>Consul does not count it as a write when a key is set to what it holds already, and keeps the
 * old index. So every write of a cell sets the key's flags to the index that it replaces, which no
 * earlier write of the key can have done.
 */
final class Transaction {
  private final List<Wrapped> operations = new ArrayList<>();

  /** An operation, named as in Consul's JSON; a null field is left out. */
  private record Operation(
      String verb,
      String key,
      @Nullable String value,
      @Nullable String session,
      @Nullable Long index,
      @Nullable Long flags) {}

  private record Wrapped(@SerializedName("KV") Operation operation) {}

  private record WrappedPair(@SerializedName("KV") Pair pair) {}

  private record Answer(WrappedPair @Nullable [] results, Failure @Nullable [] errors) {}

  /** Why the first operation that could not be applied could not. */
  record Failure(int opIndex, String what) {
    boolean isSessionGone() {
      return what.contains("invalid session");
    }
  }

  /** What came of it: a pair for each operation that shows one, or a failure. */
  record Result(List<Pair> pairs, @Nullable Failure failure) {}

  /** Creates or takes the key, on behalf of a session; keeps the key if the session has it. */
  Transaction lock(String key, byte[] value, String session) {
    return add(new Operation("lock", key, base64(value), session, null, null));
  }

  Transaction getTree(String prefix) {
    return add(new Operation("get-tree", prefix, null, null, null, null));
  }

  /** Demands that the session holds the key. */
  Transaction checkSession(String key, String session) {
    return add(new Operation("check-session", key, null, session, null, null));
  }

  Transaction checkIndex(String key, long index) {
    return add(new Operation("check-index", key, null, null, index, null));
  }

  Transaction checkNotExists(String key) {
    return add(new Operation("check-not-exists", key, null, null, null, null));
  }

  /** Replaces what was written at an index; zero creates the key. Its session stays. */
  Transaction replace(String key, byte[] value, long index) {
    return add(new Operation("cas", key, base64(value), null, index, index));
  }

  /** Deletes the key. It need not exist. */
  Transaction delete(String key) {
    return add(new Operation("delete", key, null, null, null, null));
  }

  private Transaction add(Operation operation) {
    operations.add(new Wrapped(operation));
    return this;
  }

  private static String base64(byte[] value) {
    return Base64.getEncoder().encodeToString(value);
  }

  int size() {
    return operations.size();
  }

  CompletableFuture<Result> send(Agent agent, String what) {
    return agent
        .put(what, "/v1/txn", Json.write(operations))
        .thenApply(reply -> result(what, reply));
  }

  private static Result result(String what, Reply reply) {
    if (!reply.isOk() && reply.status() != 409) {
      throw Codes.refused(Request.WRITE, what, reply);
    }
    Answer answer = Json.read(reply.body(), Answer.class);
    if (answer.errors() == null || answer.errors().length == 0) {
      WrappedPair[] results = answer.results() == null ? new WrappedPair[0] : answer.results();
      return new Result(Arrays.stream(results).map(WrappedPair::pair).toList(), null);
    }
    Failure first = answer.errors()[0];
    if (Codes.isDenied(first.what())) {
      throw Codes.refused(Request.WRITE, what, reply);
    }
    if (first.isSessionGone()) {
      throw new StoreException(
          Outcome.SESSION_GONE, "cannot " + what + ": Consul answered " + first.what());
    }
    return new Result(List.of(), first);
  }
}
