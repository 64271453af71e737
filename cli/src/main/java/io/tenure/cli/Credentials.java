package io.tenure.cli;

/**
 * A user and a password.
 *
 * @param user the user's name
 * @param password as it came from a file or the environment
 */
record Credentials(String user, String password) {
  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }

  /** The form that ZooKeeper's digest scheme takes. */
  String joined() {
    return user + ":" + password;
  }
}
