package io.tenure;

import java.util.Map;

/**
 * A contender as everyone can read it in the store: who it is, and the token of its entry.
 *
 * <p>The first one of a queue leads; the token of one further back is the token that it will have
 * when its turn comes. What a stranger wrote in place of a candidate's description is not trusted:
 * it shows as an id of "?" with no metadata.
 *
 * @param id the id that the client was built with
 * @param host the host's name, "?" if unknown
 * @param pid the process id, 0 if unknown
 * @param metadata the client's own metadata, unmodifiable
 * @param token the fencing token of its entry
 */
public record Candidate(
    String id, String host, long pid, Map<String, String> metadata, FencingToken token) {
  /** Copies the metadata. */
  public Candidate {
    metadata = Map.copyOf(metadata);
  }
}
