package io.tenure.consul;

import com.ecwid.consul.SingleUrlParameters;
import com.ecwid.consul.UrlParameters;
import java.util.List;

/**
 * What a query asks for.
 *
 * @param path a key, or the prefix of keys
 */
record Place(String path, Scope scope) {
  /** How much of it. */
  enum Scope {
    /** One key. */
    KEY(List.of()),
    /** The names of all keys with the prefix. */
    NAMES(List.of(new SingleUrlParameters("keys"))),
    /** All keys with the prefix, and what they hold. */
    TREE(List.of(new SingleUrlParameters("recurse")));

    private final List<UrlParameters> parameters;

    Scope(List<UrlParameters> parameters) {
      this.parameters = parameters;
    }

    List<UrlParameters> parameters() {
      return parameters;
    }
  }
}
