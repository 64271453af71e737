package io.tenure.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to which generation.
 *
 * @param action show or raise
 * @param least what to raise it to at least, or empty to raise it by one
 * @param store the store's URI
 * @param namespace the clients' namespace
 * @param access what the store asks for
 */
record GenerationArguments(
    Action action, Optional<Integer> least, String store, String namespace, Access access) {
  static final String HELP =
      """
      Reads or raises the generation of a namespace: the upper part of every fencing token.

        java -jar tenure-cli.jar generation show  --store URI --namespace NAME
        java -jar tenure-cli.jar generation raise --store URI --namespace NAME [--to N]

      Raise it after the store was restored from a backup, has lost its data, or was replaced.
      Tokens are then greater than all from before. No client of the namespace may run from before
      the restore until it is raised: a session keeps the generation that it was opened with. This
      command cannot see whether one runs.

        --store URI         etcd://host:2379,host:2379
                            consul://host:8500
                            zookeeper://host:2181,host:2181/chroot
        --namespace NAME    the clients' namespace; "default" if they set none
        --root PATH         the clients' root, if they set one; on etcd with the backend's
                            namespace in front of it: team-a/tenure
        --to N              raise it to at least N, 0 to 255; doing it again changes nothing.
                            A restored store may hold an older generation than was used since:
                            give one more than the highest that was ever used. Without --to it
                            is raised by one

      What a store asks for:

        --user NAME             etcd's user, or ZooKeeper's with the digest scheme; the password
                                is in --password-file, or in TENURE_PASSWORD in the environment
        --password-file FILE    the password
        --token-file FILE       Consul's token; or in TENURE_TOKEN in the environment
        --tls                   speak TLS
        --trust FILE            the authorities to trust, PEM; those of the JVM otherwise
        --certificate FILE      what to show of ourselves, PEM
        --key FILE              its private key, PEM, PKCS #8, not encrypted; on ZooKeeper in the
                                same file as the certificate
        --help                  show this

      Exit code: 0 done, or nothing to do; 1 not done; 2 the options make no sense; 3 the answer
      was lost: show it before you raise it again, or use --to, which can be repeated.
      """;

  /** What can be done. */
  enum Action {
    SHOW,
    RAISE
  }

  /**
   * Reads the arguments that follow {@code generation}.
   *
   * @throws IllegalArgumentException with a sentence for the user, if they make no sense
   */
  static GenerationArguments parse(CommandLine line, Map<String, String> environment) {
    if (!line.hasNext()) {
      throw new IllegalArgumentException("say what to do: generation show, or generation raise");
    }
    Reading reading = new Reading();
    String word = line.next();
    Action action =
        switch (word) {
          case "show" -> Action.SHOW;
          case "raise" -> Action.RAISE;
          default ->
              throw new IllegalArgumentException(
                  "a generation is shown or raised, but this is '" + word + "'");
        };
    while (line.hasNext()) {
      reading.take(line.next(), line);
    }
    if (action == Action.SHOW && reading.least.isPresent()) {
      throw new IllegalArgumentException("--to is for generation raise");
    }
    return new GenerationArguments(
        action,
        reading.least,
        needed(reading.store, "--store, with the store's URI"),
        needed(reading.namespace, "--namespace, with the clients' namespace"),
        reading.access(environment));
  }

  private static String needed(@Nullable String value, String option) {
    if (value == null) {
      throw new IllegalArgumentException("give " + option);
    }
    return value;
  }

  /** The options so far. */
  private static final class Reading {
    private Optional<Integer> least = Optional.empty();
    private @Nullable String store;
    private @Nullable String namespace;
    private Optional<String> root = Optional.empty();
    private Optional<String> user = Optional.empty();
    private Optional<Path> passwordFile = Optional.empty();
    private Optional<Path> tokenFile = Optional.empty();
    private boolean tls;
    private Optional<Path> trust = Optional.empty();
    private Optional<Path> certificate = Optional.empty();
    private Optional<Path> key = Optional.empty();

    void take(String option, CommandLine line) {
      switch (option) {
        case "--to" -> least = Optional.of(number(line.valueOf(option)));
        case "--store" -> store = line.valueOf(option);
        case "--namespace" -> namespace = line.valueOf(option);
        case "--root" -> root = Optional.of(line.valueOf(option));
        case "--user" -> user = Optional.of(line.valueOf(option));
        case "--password-file" -> passwordFile = Optional.of(Path.of(line.valueOf(option)));
        case "--token-file" -> tokenFile = Optional.of(Path.of(line.valueOf(option)));
        case "--tls" -> tls = true;
        case "--trust" -> trust = Optional.of(Path.of(line.valueOf(option)));
        case "--certificate" -> certificate = Optional.of(Path.of(line.valueOf(option)));
        case "--key" -> key = Optional.of(Path.of(line.valueOf(option)));
        default -> throw CommandLine.unknown(option);
      }
    }

    private static int number(String text) {
      if (!text.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException("--to takes a number, but this is '" + text + "'");
      }
      return Integer.parseInt(text);
    }

    Access access(Map<String, String> environment) {
      if (certificate.isPresent() != key.isPresent()) {
        throw new IllegalArgumentException("--certificate and --key go together");
      }
      if (!tls && (trust.isPresent() || key.isPresent())) {
        throw new IllegalArgumentException("--trust, --certificate and --key need --tls");
      }
      if (user.isEmpty() && passwordFile.isPresent()) {
        throw new IllegalArgumentException("--password-file needs --user");
      }
      return new Access(
          root,
          user.map(name -> new Credentials(name, password(environment))),
          token(environment),
          tls,
          trust,
          certificate.map(file -> new Identity(file, key.orElseThrow())));
    }

    private String password(Map<String, String> environment) {
      return Secrets.find(passwordFile, environment, "TENURE_PASSWORD")
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "--user needs a password, in --password-file or TENURE_PASSWORD"));
    }

    private Optional<String> token(Map<String, String> environment) {
      return Secrets.find(tokenFile, environment, "TENURE_TOKEN");
    }
  }
}
