package io.tenure.consul;

import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key and what stands there, as Consul's JSON has it.
 *
 * @param value in Base64; null if it is empty, or was not asked for
 * @param session the session that holds the key
 * @param createIndex the raft index of its creation, which no other creation has
 * @param modifyIndex the raft index of its last write
 */
record Pair(
    String key,
    @Nullable String value,
    @Nullable String session,
    long createIndex,
    long modifyIndex) {

  byte[] bytes() {
    return value == null ? new byte[0] : Base64.getDecoder().decode(value);
  }

  Optional<String> holder() {
    return Optional.ofNullable(session);
  }
}
