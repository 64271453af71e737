package io.tenure.testkit;

import static io.tenure.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Candidate;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the groups of the contract share: a namespace and clients for each test, a look into the
 * store, and the check after every test that nothing was left behind.
 */
@Timeout(60)
abstract class ContractGroup {
  final BackendFixture fixture;
  final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
  final Clients clients;
  final Traits traits;
  final StoreConnection probe;
  private final int sessionsBefore;
  private final Set<Thread> threadsBefore;

  ContractGroup(BackendContract contract) {
    fixture = contract.fixture();
    traits = contract.traits();
    probe = contract.probe();
    clients = new Clients(fixture, namespace);
    sessionsBefore = fixture.sessions();
    threadsBefore = ourThreads();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    clients.close();
    Duration bound = traits.worstExpiry(fixture.ttl()).plus(Eventually.BOUND);
    eventually(
        bound,
        () -> {
          assertThat(fixture.keys(namespace)).as("keys left in the store").isEmpty();
          assertThat(sessions()).as("sessions left in the store").isZero();
          assertThat(fixture.watches()).as("watches left in the store").isZero();
          assertThat(newThreads()).as("threads of closed clients").isEmpty();
        });
  }

  /** How many sessions the store has for the clients of this test. */
  final int sessions() {
    return fixture.sessions() - sessionsBefore;
  }

  private Set<Thread> newThreads() {
    Set<Thread> threads = ourThreads();
    threads.removeAll(threadsBefore);
    return threads;
  }

  private Set<Thread> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(thread -> thread.getName().startsWith("tenure-") || fixture.isClientThread(thread))
        .collect(Collectors.toSet());
  }

  final QueueName lockQueue(String name) {
    return new QueueName(namespace + "/lock/" + name);
  }

  final QueueName electionQueue(String name) {
    return new QueueName(namespace + "/election/" + name);
  }

  /** What the queue holds, as somebody sees it who takes no part. */
  final List<Entry> entries(QueueName queue) {
    return Eventually.answer(probe.read(queue, Detail.NAMES)).entries();
  }

  /** The same with payloads and revisions. */
  final List<Entry> payloads(QueueName queue) {
    return Eventually.answer(probe.read(queue, Detail.PAYLOADS)).entries();
  }

  /**
   * Deletes the entry at the head of a queue, the quickest way for its owner to lose what it has.
   */
  final void revoke(QueueName queue) {
    fixture.deleteEntry(queue, entries(queue).get(0).id());
  }

  final void awaitEntries(QueueName queue, int count) {
    eventually(() -> assertThat(entries(queue)).hasSize(count));
  }

  /** The ids of candidates, in order. */
  static List<String> ids(List<Candidate> queue) {
    return queue.stream().map(Candidate::id).toList();
  }

  /** Runs a task in as many threads, and fails if one of them does. */
  static <T> List<T> inParallel(int threads, Callable<T> task) {
    List<Caller<T>> callers =
        IntStream.range(0, threads).mapToObj(i -> Caller.start(task)).toList();
    return callers.stream().map(caller -> Eventually.answer(caller.result())).toList();
  }

  /** Long enough for a defect to show that does something where nothing should happen. */
  static Duration aWhile() {
    return Duration.ofMillis(150);
  }
}
