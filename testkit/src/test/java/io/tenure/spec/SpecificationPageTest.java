package io.tenure.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/spec/README.md} true: its configurations, its actions and the code it names.
 */
class SpecificationPageTest {
  private static final Path PAGE = Tlc.SPECS.resolve("README.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (.*) \\| (.*) \\|$");
  private static final Pattern MODEL = Pattern.compile("(?ms)^## (Lease\\w+): (.*?)(?=^## )");
  private static final Pattern CODE_TABLE = Pattern.compile("(?ms)\\| Code \\|$(.*?)\\n\\n");
  private static final Pattern CODE = Pattern.compile("`([A-Z]\\w*)(?:\\.(\\w+))?`");
  private static final Pattern NEXT = Pattern.compile("(?ms)^Next ==$(.*?)^Spec ==");
  private static final Pattern DISJUNCT = Pattern.compile("\\\\/ ([A-Z]\\w*)");

  @Test
  void everyConfigurationIsExpectedAndEveryExpectationIsAFile() throws IOException {
    assertThat(configurationFiles())
        .containsExactlyInAnyOrderElementsOf(
            Configuration.ALL.stream().map(Configuration::name).toList());
  }

  @Test
  void thePageSaysOfEveryConfigurationWhatIsExpectedOfIt() throws IOException {
    Map<String, String> results = new HashMap<>();
    eachModel(
        (model, section) ->
            rows(section).forEach(row -> results.put(model + "/" + row.group(1), row.group(3))));

    for (Configuration configuration : Configuration.ALL) {
      String expected =
          configuration.mustHold()
              ? String.format(Locale.ROOT, "holds, %,d states", configuration.states())
              : "breaks `" + configuration.violated() + "`";
      assertThat(results).containsEntry(configuration.name(), expected);
    }
  }

  @Test
  void thePageTellsOfEveryActionWhichCodeDoesIt() throws IOException {
    List<String> told = new ArrayList<>();
    eachModel(
        (model, section) ->
            rows(codeTable(section)).forEach(row -> told.add(model + "/" + row.group(1))));

    assertThat(told).containsExactlyInAnyOrderElementsOf(actions());
  }

  @Test
  void theCodeThatThePageNamesExists() throws IOException {
    Map<String, List<String>> sources = sources();
    List<MatchResult> named = new ArrayList<>();
    eachModel(
        (model, section) ->
            rows(codeTable(section))
                .forEach(row -> CODE.matcher(row.group(3)).results().forEach(named::add)));

    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult code : named) {
      assertThat(sources).containsKey(code.group(1));
      if (code.group(2) != null) {
        assertThat(sources.get(code.group(1)))
            .as("sources of %s, with a method %s", code.group(1), code.group(2))
            .anyMatch(source -> source.contains(" " + code.group(2) + "("));
      }
    }
  }

  private interface Section {
    void read(String model, String text);
  }

  private static void eachModel(Section reader) throws IOException {
    List<MatchResult> models = MODEL.matcher(Files.readString(PAGE)).results().toList();
    assertThat(models).hasSize(2);
    models.forEach(model -> reader.read(model.group(1), model.group(2)));
  }

  private static Stream<MatchResult> rows(String text) {
    return ROW.matcher(text).results();
  }

  private static String codeTable(String section) {
    return CODE_TABLE.matcher(section).results().findFirst().orElseThrow().group(1);
  }

  private static Set<String> configurationFiles() throws IOException {
    try (Stream<Path> files = Files.walk(Tlc.SPECS)) {
      return files
          .filter(file -> file.toString().endsWith(".cfg"))
          .map(
              file ->
                  file.getParent().getFileName()
                      + "/"
                      + file.getFileName().toString().replace(".cfg", ""))
          .collect(Collectors.toSet());
    }
  }

  /** What is a disjunct of the next-state relation, in each module that has one. */
  private static Set<String> actions() throws IOException {
    Set<String> actions = new TreeSet<>();
    for (Path module : Tlc.modules()) {
      String name = module.getFileName().toString().replace(".tla", "");
      NEXT.matcher(Files.readString(module))
          .results()
          .flatMap(next -> DISJUNCT.matcher(next.group(1)).results())
          .forEach(action -> actions.add(name + "/" + action.group(1)));
    }
    return actions;
  }

  /** The sources of all modules by the name of their class. */
  private static Map<String, List<String>> sources() throws IOException {
    Map<String, List<String>> sources = new HashMap<>();
    for (Path main : mainDirectories()) {
      try (Stream<Path> files = Files.walk(main)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.computeIfAbsent(name, key -> new ArrayList<>()).add(Files.readString(file));
        }
      }
    }
    return sources;
  }

  private static List<Path> mainDirectories() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      return modules
          .map(module -> module.resolve(Path.of("src", "main", "java")))
          .filter(Files::isDirectory)
          .toList();
    }
  }
}
