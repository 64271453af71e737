package io.tenure.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Backend;
import io.tenure.spi.QueueName;
import io.tenure.spi.Ticker;
import io.tenure.testkit.BackendFixture;
import io.tenure.testkit.Link;
import io.tenure.testkit.TestScheduler;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The store in memory, as the contract sees it. */
final class InMemoryFixture implements BackendFixture {
  // A timer that lives as long as the fixture, so that no test waits for the store's own to end.
  private final TestScheduler timer = TestScheduler.punctual();
  private final InMemoryStore store = InMemoryStore.create(Ticker.system(), timer);

  @Override
  public String store() {
    return "memory (in this JVM)";
  }

  @Override
  public Backend newBackend() {
    return InMemoryBackend.on(store);
  }

  @Override
  public Link newLink() {
    return Link.simulated(newBackend());
  }

  @Override
  public Duration ttl() {
    return Duration.ofMillis(1_000);
  }

  @Override
  public Duration renewEvery() {
    return Duration.ofMillis(200);
  }

  @Override
  public Duration safetyMargin() {
    return Duration.ofMillis(250);
  }

  @Override
  public long writes() {
    return store.revision();
  }

  @Override
  public void expireSession(String sessionId) {
    assertThat(store.expireSession(sessionId)).as("session %s", sessionId).isTrue();
  }

  @Override
  public List<String> keys(String path) {
    return Stream.concat(
            store.queues().stream()
                .flatMap(queue -> store.entries(queue).stream())
                .map(Object::toString),
            store.cells().keySet().stream())
        .filter(key -> key.startsWith(path + "/"))
        .toList();
  }

  @Override
  public void plantForeign(QueueName queue, String name, byte[] bytes) {
    store.putForeign(queue, name, bytes);
  }

  @Override
  public void deleteEntry(QueueName queue, String entryId) {
    assertThat(store.deleteEntry(queue, entryId)).as("entry %s", entryId).isTrue();
  }

  /** What a stranger planted stays where it is: it can neither be seen nor removed. */
  @Override
  public void deleteQueue(QueueName queue) {
    store.entries(queue).forEach(entry -> deleteEntry(queue, entry.id()));
  }

  @Override
  public int sessions() {
    return store.sessions().size();
  }

  @Override
  public int watches() {
    return store.watchCount();
  }

  /** The store calls back on the threads of others. */
  @Override
  public boolean isClientThread(Thread thread) {
    return false;
  }

  /** The store lives and dies with this JVM. */
  @Override
  public boolean restart() {
    return false;
  }

  @Override
  public void close() {
    timer.close();
  }
}
