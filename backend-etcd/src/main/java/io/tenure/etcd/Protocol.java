package io.tenure.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.Compare.CompareResult;
import io.etcd.jetcd.api.Compare.CompareTarget;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import java.util.Optional;

/** The words of etcd's protocol that we use. */
final class Protocol {
  /** What etcd compares with if there is no such key. */
  private static final long MISSING = 0;

  private Protocol() {}

  /** The key does not exist. */
  static Compare isAbsent(ByteString key) {
    return isCreatedAt(key, MISSING);
  }

  /** The key exists. */
  static Compare isPresent(ByteString key) {
    return compare(key, CompareTarget.CREATE, CompareResult.GREATER)
        .setCreateRevision(MISSING)
        .build();
  }

  /** The key exists since this revision. */
  static Compare isCreatedAt(ByteString key, long revision) {
    return compare(key, CompareTarget.CREATE, CompareResult.EQUAL)
        .setCreateRevision(revision)
        .build();
  }

  /** The key was last written at this revision; no key was at one that is not positive. */
  static Compare isModifiedAt(ByteString key, long revision) {
    return compare(key, CompareTarget.MOD, CompareResult.EQUAL)
        .setModRevision(revision > MISSING ? revision : -1)
        .build();
  }

  /** The key exists with this value. */
  static Compare isValue(ByteString key, byte[] value) {
    return compare(key, CompareTarget.VALUE, CompareResult.EQUAL)
        .setValue(ByteString.copyFrom(value))
        .build();
  }

  private static Compare.Builder compare(
      ByteString key, CompareTarget target, CompareResult result) {
    return Compare.newBuilder().setKey(key).setTarget(target).setResult(result);
  }

  static RequestOp put(ByteString key, byte[] value, long leaseId) {
    return RequestOp.newBuilder()
        .setRequestPut(
            PutRequest.newBuilder()
                .setKey(key)
                .setValue(ByteString.copyFrom(value))
                .setLease(leaseId))
        .build();
  }

  /** Writes a key that exists and leaves it to the lease that it has, if any. */
  static RequestOp overwrite(ByteString key, byte[] value) {
    return RequestOp.newBuilder()
        .setRequestPut(
            PutRequest.newBuilder()
                .setKey(key)
                .setValue(ByteString.copyFrom(value))
                .setIgnoreLease(true))
        .build();
  }

  static RequestOp delete(ByteString key) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
        .build();
  }

  static RequestOp get(ByteString key) {
    return get(range(key));
  }

  static RequestOp get(RangeRequest range) {
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  static RangeRequest range(ByteString key) {
    return RangeRequest.newBuilder().setKey(key).build();
  }

  /** All keys with a prefix that ends with a slash, in no particular order. */
  static RangeRequest all(ByteString prefixWithSlash, boolean keysOnly) {
    return RangeRequest.newBuilder()
        .setKey(prefixWithSlash)
        .setRangeEnd(Keys.end(prefixWithSlash))
        .setKeysOnly(keysOnly)
        .build();
  }

  /** What a get of one key found. */
  static Optional<KeyValue> found(ResponseOp answer) {
    return answer.getResponseRange().getKvsList().stream().findFirst();
  }
}
