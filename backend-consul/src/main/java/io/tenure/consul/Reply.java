package io.tenure.consul;

import java.util.OptionalLong;

/**
 * An answer of the agent.
 *
 * @param status the HTTP status
 * @param body the text
 * @param index the index of what was read, from which a blocking query goes on; only reads have it
 */
record Reply(int status, String body, OptionalLong index) {
  private static final int SHOWN = 200;

  boolean isOk() {
    return status == 200;
  }

  /** For messages: the status and the beginning of the text. */
  @Override
  public String toString() {
    String text = body.strip().replaceAll("\\s+", " ");
    return status + " " + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...");
  }
}
