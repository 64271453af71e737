package io.tenure.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Debian mirrors that a machine's apt uses, from its one-line {@code .list} and its {@code
 * .sources} files.
 */
final class AptSources {
  private static final Pattern ONE_LINE =
      Pattern.compile("deb\\s+(?:\\[(?<options>[^]]*)]\\s+)?(?<uri>\\S+)\\s+(?<suite>\\S+)\\s+.*");
  private static final Pattern SIGNED_BY = Pattern.compile("(?i)signed-by=(?<file>[^\\s,]+)");

  /** The suites of Debian's main archive; others are updates, security, or not Debian's. */
  private static final Pattern DEBIAN =
      Pattern.compile(
          "(bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)/?");

  /**
   * A place that has Debian's archive.
   *
   * @param uri as apt takes it
   * @param keyring the file that vouches for it, where the machine names one
   */
  record Mirror(String uri, Optional<String> keyring) {
    /** The source line for a suite of this mirror. */
    String line(String suite) {
      String option = keyring.map(file -> "[signed-by=" + file + "] ").orElse("");
      return "deb " + option + uri + " " + suite + " main\n";
    }
  }

  private final Path apt;

  /** The sources below a directory such as {@code /etc/apt}. */
  AptSources(Path apt) {
    this.apt = apt;
  }

  static AptSources ofThisMachine() {
    return new AptSources(Path.of("/etc/apt"));
  }

  /** Every mirror once, in the order in which apt reads them. */
  List<Mirror> mirrors() throws IOException {
    Set<Mirror> mirrors = new LinkedHashSet<>();
    for (Path file : files()) {
      String text = Files.readString(file);
      mirrors.addAll(file.toString().endsWith(".sources") ? stanzas(text) : lines(text));
    }
    return List.copyOf(mirrors);
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isReadable(apt.resolve("sources.list"))) {
      files.add(apt.resolve("sources.list"));
    }
    Path parts = apt.resolve("sources.list.d");
    if (Files.isDirectory(parts)) {
      try (Stream<Path> entries = Files.list(parts)) {
        entries
            .filter(file -> file.toString().matches(".*\\.(list|sources)"))
            .filter(Files::isReadable)
            .sorted()
            .forEach(files::add);
      }
    }
    return files;
  }

  static List<Mirror> lines(String text) {
    List<Mirror> mirrors = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher source = ONE_LINE.matcher(line.strip());
      if (source.matches() && DEBIAN.matcher(source.group("suite")).matches()) {
        String options = source.group("options");
        Matcher signed = SIGNED_BY.matcher(options == null ? "" : options);
        Optional<String> keyring =
            signed.find() ? Optional.of(signed.group("file")) : Optional.empty();
        mirrors.add(new Mirror(source.group("uri"), keyring));
      }
    }
    return mirrors;
  }

  static List<Mirror> stanzas(String text) {
    List<Mirror> mirrors = new ArrayList<>();
    for (String stanza : text.split("\n\\s*\n")) {
      Map<String, String> fields = fields(stanza);
      boolean debian =
          Stream.of(fields.getOrDefault("Suites", "").split("\\s+"))
              .anyMatch(suite -> DEBIAN.matcher(suite).matches());
      boolean binary = List.of(fields.getOrDefault("Types", "").split("\\s+")).contains("deb");
      if (debian && binary && !fields.getOrDefault("Enabled", "yes").matches("(?i)no|false|0")) {
        // A key may also stand in the file itself; then the machine's trusted keys have to do.
        Optional<String> keyring =
            Optional.ofNullable(fields.get("Signed-By")).filter(value -> value.matches("/\\S+"));
        Stream.of(fields.getOrDefault("URIs", "").strip().split("\\s+"))
            .filter(uri -> !uri.isEmpty())
            .forEach(uri -> mirrors.add(new Mirror(uri, keyring)));
      }
    }
    return mirrors;
  }

  /** The fields of a stanza; a line that begins with a space continues the one before it. */
  private static Map<String, String> fields(String stanza) {
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String name = "";
    for (String line : stanza.split("\n")) {
      int colon = line.indexOf(':');
      if (line.startsWith("#")) {
        continue;
      }
      if (line.startsWith(" ") || line.startsWith("\t")) {
        fields.merge(name, " " + line.strip(), String::concat);
      } else if (colon > 0) {
        name = line.substring(0, colon);
        fields.put(name, line.substring(colon + 1).strip());
      }
    }
    return fields;
  }
}
