package io.tenure.fencing;

/** One flat JSON object in printable ASCII, written member by member. */
final class Json {
  private final StringBuilder members = new StringBuilder();

  Json text(String name, String value) {
    return member(name, quote(value));
  }

  Json number(String name, long value) {
    return member(name, Long.toString(value));
  }

  private Json member(String name, String value) {
    members.append(members.isEmpty() ? "" : ",").append(quote(name)).append(':').append(value);
    return this;
  }

  private static String quote(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return "{" + members + "}";
  }
}
