package io.tenure.inmemory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.ClientSpec;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The store on the real clock and with real threads. */
class RealStoreTest {
  private static final QueueName QUEUE = new QueueName("test/lock/real");
  private static final long BOUND_SECONDS = 30;

  private final InMemoryStore store = InMemoryStore.create();

  @Test
  void anAbandonedSessionEndsOnTheStoresOwnThreadWhichThenEndsToo() throws Exception {
    StoreSession abandoned = session("a", Duration.ofMillis(50));
    Entry own = get(abandoned.enqueue(QUEUE, entry())).self();
    CountDownLatch departed = new CountDownLatch(1);
    StoreSession waiting = session("b", Duration.ofHours(1));
    List<Thread> deliveredOn = new CopyOnWriteArrayList<>();
    waiting
        .awaitDeparture(own, 0)
        .departed()
        .thenRun(
            () -> {
              deliveredOn.add(Thread.currentThread());
              departed.countDown();
            });

    assertThat(departed.await(BOUND_SECONDS, SECONDS)).isTrue();
    Thread timer = deliveredOn.get(0);
    assertThat(timer.getName()).isEqualTo("tenure-memory-store");
    assertThat(timer.isDaemon()).isTrue();

    get(waiting.close());
    timer.join(SECONDS.toMillis(BOUND_SECONDS));
    assertThat(timer.isAlive()).isFalse();
  }

  @Test
  void manyClientsInARaceHoldOneAtATimeInOrderAndWakeOneAnother() throws Exception {
    int clients = 8;
    int rounds = 200;
    AtomicInteger holders = new AtomicInteger();
    ConcurrentLinkedQueue<Long> tokens = new ConcurrentLinkedQueue<>();

    inParallel(
        clients,
        number -> {
          StoreSession session = session("c" + number, Duration.ofMinutes(1));
          for (int round = 0; round < rounds; round++) {
            Enqueued enqueued = get(session.enqueue(QUEUE, entry()));
            if (!enqueued.ahead().isEmpty()) {
              Entry last = enqueued.ahead().get(enqueued.ahead().size() - 1);
              get(session.awaitDeparture(last, enqueued.version()).departed());
            }
            assertThat(holders.incrementAndGet()).isEqualTo(1);
            tokens.add(enqueued.self().revision().getAsLong());
            holders.decrementAndGet();
            assertThat(get(session.remove(enqueued.self()))).isTrue();
          }
          get(session.close());
        });

    assertThat(List.copyOf(tokens)).hasSize(clients * rounds).doesNotHaveDuplicates().isSorted();
    assertThat(store.queues()).isEmpty();
    assertThat(store.watchCount()).isZero();
    assertThat(store.revision()).isEqualTo(2L * clients + 2L * clients * rounds);
  }

  @Test
  void aWatcherIsCalledOneAtATimeNeverUnderTheLockAndSeesTheLastState() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<QueueView> views = new ConcurrentLinkedQueue<>();
    ExecutorService bystander = Executors.newSingleThreadExecutor();
    StoreConnection observer = client("observer", Duration.ofMinutes(1));
    observer.watch(
        QUEUE,
        Detail.NAMES,
        view -> {
          if (inside.incrementAndGet() != 1) {
            broken.add("two callbacks at once");
          }
          if (!isFree(bystander)) {
            broken.add("called under the lock");
          }
          views.add(view);
          inside.decrementAndGet();
        },
        end -> broken.add("ended"));

    inParallel(
        4,
        number -> {
          StoreSession session = session("c" + number, Duration.ofMinutes(1));
          for (int i = 0; i < 50; i++) {
            session.enqueue(QUEUE, entry());
          }
        });
    CountDownLatch delivered = new CountDownLatch(1);
    store.deliver(delivered::countDown);

    assertThat(delivered.await(BOUND_SECONDS, SECONDS)).isTrue();
    assertThat(broken).isEmpty();
    assertThat(List.copyOf(views)).extracting(QueueView::version).isSorted();
    assertThat(List.copyOf(views)).last().extracting(view -> view.entries().size()).isEqualTo(200);
    bystander.shutdownNow();
    observer.close();
    store.sessions().forEach(store::expireSession);
  }

  /** Tells whether another thread can get at the store while a callback runs. */
  private boolean isFree(ExecutorService bystander) {
    try {
      bystander.submit(store::revision).get(BOUND_SECONDS, SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("the bystander failed", e);
    }
  }

  private StoreSession session(String candidate, Duration ttl) throws Exception {
    return get(client(candidate, ttl).openSession());
  }

  private StoreConnection client(String candidate, Duration ttl) {
    StoreConnection backend =
        InMemoryBackend.on(store)
            .open(
                new ClientSpec(
                    candidate, ttl, ttl.dividedBy(3), ttl.dividedBy(10), Duration.ofSeconds(5)));
    return backend;
  }

  private static EntrySpec entry() {
    return new EntrySpec(
        UUID.randomUUID().toString().replace("-", ""), "w", "real".getBytes(UTF_8));
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(BOUND_SECONDS, SECONDS);
  }

  /** What one of several threads does. */
  private interface Job {
    void run(int number) throws Exception;
  }

  private static void inParallel(int threads, Job job) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Integer>> jobs =
          IntStream.range(0, threads)
              .<Callable<Integer>>mapToObj(
                  number ->
                      () -> {
                        job.run(number);
                        return number;
                      })
              .toList();
      for (Future<Integer> done : executor.invokeAll(jobs, BOUND_SECONDS, SECONDS)) {
        done.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
