package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.tenure.CoordinationClient;
import io.tenure.Expected;
import io.tenure.Lease;
import io.tenure.consul.FakeAgent.Answer;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server that denies what no token allows. */
class SecurityTest extends ConsulTest {
  private static final String MANAGEMENT = "11111111-2222-3333-4444-555555555555";

  /** Where the documentation prints the least policy. */
  private static final Path PAGE = Path.of("..", "docs", "backends", "consul.md");

  private static final Pattern PRINTED = Pattern.compile("(?s)```hcl\\R(.*?)```");
  private static final String LEAST_POLICY = printedPolicy();

  private static StoreServer server;
  private static Operator manager;

  private static String printedPolicy() {
    try {
      Matcher matcher = PRINTED.matcher(Files.readString(PAGE));
      assertThat(matcher.find()).as("a policy in %s", PAGE).isTrue();
      return matcher.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void startServer() {
    server = Servers.consul().acl(MANAGEMENT).configuration(Operator.SETTINGS).start();
    manager = new Operator(server, MANAGEMENT);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** A new token that may do what the rules say. */
  private static String token(String rules) {
    String name = "p" + Long.toHexString(System.nanoTime());
    manager.put(
        "/v1/acl/policy", "{\"Name\": \"" + name + "\", \"Rules\": " + Json.write(rules) + "}");
    return JsonParser.parseString(
            manager.put("/v1/acl/token", "{\"Policies\": [{\"Name\": \"" + name + "\"}]}"))
        .getAsJsonObject()
        .get("SecretID")
        .getAsString();
  }

  private ConsulBackend.Builder with(String token) {
    return ConsulBackend.builder(server.url())
        .sessionTtlMin(SHORT_TTL)
        .longestWait(Duration.ofSeconds(1))
        .token(token);
  }

  @Test
  void theLeastPolicyIsEnoughForEverything() throws Exception {
    String token = token(LEAST_POLICY);
    try (CoordinationClient a = client(token);
        CoordinationClient b = client(token);
        CoordinationClient observer = client(token)) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      observer.election("e").observe(seen::add);
      Lease first = a.lock("x").acquire();
      CompletableFuture<Lease> second = b.lock("x").acquireAsync();
      eventually(() -> assertThat(observer.lock("x").holder()).isPresent());
      assertThat(
              a.cells()
                  .guardedBy(first)
                  .compareAndSwap("k", Expected.absent(), bytes("v"))
                  .swapped())
          .isTrue();
      assertThat(
              a.cells()
                  .boundTo(first)
                  .compareAndSwap("bound", Expected.absent(), bytes("v"))
                  .swapped())
          .isTrue();
      first.close();
      Lease lease = answer(second);
      assertThat(lease.token().isNewerThan(first.token())).isTrue();
      assertThat(a.cells().delete("k", Expected.value(bytes("v"))).swapped()).isTrue();
      a.leaderLatch("e").start().await();
      eventually(() -> assertThat(seen).hasSizeGreaterThanOrEqualTo(2));
    }
    assertThat(manager.keys("tenure/" + namespace)).isEmpty();
    assertThat(manager.sessions()).isEmpty();
  }

  private CoordinationClient client(String token) {
    return CoordinationClient.builder(with(token).build()).namespace(namespace).build();
  }

  @Test
  void withoutATokenEverythingIsRefused() {
    assertEverythingIsRefused(ConsulBackend.builder(server.url()).sessionTtlMin(SHORT_TTL));
  }

  @Test
  void withAWrongTokenEverythingIsRefused() {
    assertEverythingIsRefused(with("99999999-2222-3333-4444-555555555555"));
  }

  private void assertEverythingIsRefused(ConsulBackend.Builder builder) {
    StoreConnection backend = started(builder, TTL);
    assertThat(outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(backend.get(namespace + "/k"))).isEqualTo(Outcome.REFUSED);
    assertThat(outcome(backend.write(List.of(put(namespace + "/k", Expected.absent(), "v")))))
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void anEntryIsRefusedWhereTheTokenMayNotWrite() {
    StoreSession session =
        session(started(with(token("session_prefix \"\" { policy = \"write\" }")), TTL));
    assertThat(outcome(session.enqueue(queue, entry("a")))).isEqualTo(Outcome.REFUSED);
    assertThat(
            outcome(
                session.write(
                    Optional.empty(), List.of(put(namespace + "/k", Expected.absent(), "v")))))
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aSessionIsRefusedWhereTheTokenMayNotHaveOne() {
    StoreConnection backend =
        started(with(token("key_prefix \"tenure/\" { policy = \"write\" }")), TTL);
    assertThat(outcome(backend.openSession())).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aTokenCanBeReplacedWhileTheClientRuns() {
    AtomicReference<String> token = new AtomicReference<>(token(LEAST_POLICY));
    StoreConnection backend = started(with("").token(token::get), TTL);
    StoreSession session = session(backend);
    token.set("99999999-2222-3333-4444-555555555555");
    assertThat(outcome(session.heartbeat())).isEqualTo(Outcome.REFUSED);
    token.set(token(LEAST_POLICY));
    assertThat(answer(session.heartbeat())).isEqualTo(TTL);
  }

  /** A list of names leaves out what may not be read: that must not look like a departure. */
  @Test
  void rightsThatAreTakenAwayAreNotTakenForDepartures() {
    StoreSession owner = session(started(with(MANAGEMENT), TTL));
    AtomicReference<String> token = new AtomicReference<>(token(LEAST_POLICY));
    StoreConnection backend = started(with("").token(token::get), TTL);
    StoreSession waiter = session(backend);
    List<Wait> waits = new ArrayList<>();
    for (int i = 0; i < Followers.ALONE + 5; i++) {
      Enqueued entry = enqueue(owner, "a");
      waits.add(waiter.awaitDeparture(entry.self(), entry.version()));
    }
    token.set(token("session_prefix \"\" { policy = \"write\" }"));
    enqueue(owner, "wakes the shared query");

    Wait shared = waits.get(waits.size() - 1);
    assertThat(outcome(shared.departed())).isEqualTo(Outcome.REFUSED);
    token.set(MANAGEMENT);
  }

  @Test
  void theTokenIsAHeaderAndNowhereElse() throws Exception {
    String secret = "f4a9c0de-secret-of-this-test";
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler everything = handler(logged);
    Logger root = Logger.getLogger("");
    List<Logger> talkative =
        List.of(root, Logger.getLogger("org.apache.http"), Logger.getLogger("com.ecwid"));
    root.addHandler(everything);
    talkative.forEach(logger -> logger.setLevel(Level.ALL));
    try (FakeAgent agent =
        FakeAgent.start(
            asked ->
                CompletableFuture.completedFuture(
                    asked.opensSession() ? Answer.created() : Answer.missing(5)))) {
      StoreConnection backend = started(ConsulBackend.builder(agent.url()).token(secret), TTL);
      List<Throwable> failures = new ArrayList<>();
      answer(backend.get("k"));
      answer(backend.read(queue, Detail.NAMES));
      backend.watch(queue, Detail.NAMES, view -> {}, failures::add).close();
      failures.add(failure(backend.write(List.of(put("k", Expected.absent(), "v")))));
      StoreSession session = answer(backend.openSession());
      failures.add(failure(session.heartbeat()));
      failures.add(failure(session.enqueue(queue, entry("a"))));
      failures.add(failure(session.withdraw(queue, "x")));
      failures.add(failure(session.close()));

      assertThat(agent.asked())
          .hasSizeGreaterThanOrEqualTo(8)
          .allMatch(asked -> asked.header("X-consul-token").equals(secret))
          .noneMatch(asked -> asked.uri().contains(secret) || asked.uri().contains("token"));
      assertThat(failures).noneMatch(failure -> stack(failure).contains(secret));
      assertThat(backend.toString() + session).doesNotContain(secret);
      assertThat(logged).isNotEmpty().noneMatch(line -> line.contains(secret));
    } finally {
      root.removeHandler(everything);
      talkative.forEach(logger -> logger.setLevel(logger == root ? Level.INFO : null));
    }
  }

  private static String stack(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static Handler handler(List<String> logged) {
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(record.getLoggerName() + ": " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    return handler;
  }
}
