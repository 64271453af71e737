package io.tenure;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who stands behind an entry, in the form that is stored with it: lines of {@code key=value} in
 * UTF-8, each part URL-encoded, after a first line that names the format.
 *
 * <p>Anyone may have written what is read back, so reading never throws: what is not of this form
 * is a candidate called "?".
 */
record Identity(String id, String host, long pid, Map<String, String> metadata) {
  private static final String FORMAT = "tenure/1";
  private static final int MAX_BYTES = 16 * 1024;
  private static final Identity UNKNOWN = new Identity("?", "?", 0, Map.of());

  byte[] encode() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    line(text, "id", id);
    line(text, "host", host);
    line(text, "pid", Long.toString(pid));
    new TreeMap<>(metadata).forEach((key, value) -> line(text, "m." + key, value));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "candidate id and metadata take at most "
              + MAX_BYTES
              + " bytes in the store, but these take "
              + bytes.length);
    }
    return bytes;
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(URLEncoder.encode(key, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
        .append('\n');
  }

  static Identity decode(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return UNKNOWN;
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    if (!lines[0].equals(FORMAT)) {
      return UNKNOWN;
    }
    Map<String, String> fields = new HashMap<>();
    try {
      for (int i = 1; i < lines.length; i++) {
        int equals = lines[i].indexOf('=');
        if (equals > 0) {
          fields.put(decode(lines[i].substring(0, equals)), decode(lines[i].substring(equals + 1)));
        }
      }
      return of(fields);
    } catch (IllegalArgumentException e) {
      // A malformed escape or number: a stranger's, and no reason to stop observing the others.
      return UNKNOWN;
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static Identity of(Map<String, String> fields) {
    Map<String, String> metadata = new HashMap<>();
    fields.forEach(
        (key, value) -> {
          if (key.startsWith("m.")) {
            metadata.put(key.substring(2), value);
          }
        });
    return new Identity(
        fields.getOrDefault("id", "?"),
        fields.getOrDefault("host", "?"),
        Long.parseLong(fields.getOrDefault("pid", "0")),
        metadata);
  }

  Candidate candidate(FencingToken token) {
    return new Candidate(id, host, pid, metadata, token);
  }
}
