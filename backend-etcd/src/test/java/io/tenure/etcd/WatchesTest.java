package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WatchesTest extends StoreTest {
  private static final int MANY = 2_000;

  private long watchers() {
    return etcd.metric("etcd_debugging_mvcc_watcher_total");
  }

  private long streams() {
    return etcd.metric("etcd_debugging_mvcc_watch_stream_total");
  }

  @Test
  void aDepartureIsSeen() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Enqueued own = Await.get(session.enqueue(queue, entry()));
    Wait wait = session().awaitDeparture(own.self(), own.version());
    Await.until("the watch stands", () -> watchers() == 1);
    assertThat(wait.departed().toCompletableFuture()).isNotDone();
    Await.get(session.remove(own.self()));
    Await.get(wait.departed());
    Await.until("the watch is gone", () -> watchers() == 0);
  }

  @Test
  void aDepartureThatLiesBackIsSeenAlthoughItsRevisionIsCompacted() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Enqueued own = Await.get(session.enqueue(queue, entry()));
    Await.get(session.remove(own.self()));
    etcd.compact();
    Await.get(session.awaitDeparture(own.self(), own.version()).departed());
    Await.get(session.awaitDeparture(own.self(), 0).departed());
  }

  @Test
  void anEntryThatWasMadeAgainIsAnotherOne() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    var spec = entry();
    Enqueued first = Await.get(session.enqueue(queue, spec));
    Await.get(session.remove(first.self()));
    Await.get(session.enqueue(queue, spec));
    Await.get(session.awaitDeparture(first.self(), first.version()).departed());
  }

  @Test
  void anUpdateIsNoDeparture() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Entry own = Await.get(session.enqueue(queue, entry())).self();
    Wait wait = session.awaitDeparture(own, 0);
    Await.until("the watch stands", () -> watchers() == 1);
    Await.get(session.update(own, new byte[] {1}));
    Await.get(session.heartbeat());
    assertThat(wait.departed().toCompletableFuture()).isNotDone();
  }

  @Test
  void aCancelledWaitNeverCompletesAndLeavesNoWatch() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Entry own = Await.get(session.enqueue(queue, entry())).self();
    Wait late = session.awaitDeparture(own, 0);
    Await.until("the watch stands", () -> watchers() == 1);
    late.cancel();
    Wait atOnce = session.awaitDeparture(own, 0);
    atOnce.cancel();
    atOnce.cancel();
    Await.until("the watches are gone", () -> watchers() == 0);
    Await.get(session.remove(own));
    Await.get(session.awaitDeparture(own, 0).departed());
    assertThat(late.departed().toCompletableFuture()).isNotDone();
    assertThat(atOnce.departed().toCompletableFuture()).isNotDone();
  }

  @Test
  void thousandsOfWaitsShareOneStream() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Entry own = Await.get(session.enqueue(queue, entry())).self();
    long streamsBefore = streams();
    List<CompletableFuture<?>> waits = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      waits.add(session.awaitDeparture(own, 0).departed().toCompletableFuture());
    }
    Await.until("the watches stand", () -> watchers() == MANY);
    assertThat(streams() - streamsBefore).isLessThanOrEqualTo(1);
    Await.get(session.remove(own));
    Await.get(CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new)));
    Await.until("the watches are gone", () -> watchers() == 0);
  }

  @Test
  void aWatchShowsThePresentAndEveryLastState() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Entry a = Await.get(session.enqueue(queue, entry())).self();
    List<QueueView> views = new CopyOnWriteArrayList<>();
    Subscription watch =
        connect().watch(queue, Detail.PAYLOADS, views::add, error -> views.clear());
    Await.until("the first view", () -> views.size() == 1);
    assertThat(views.get(0).entries()).extracting(Entry::id).containsExactly(a.id());

    Entry b = Await.get(session.enqueue(queue, entry())).self();
    Await.get(session.update(a, new byte[] {7}));
    Await.until("the update", () -> payloadOfFirst(views) == 7);
    assertThat(last(views).entries()).extracting(Entry::id).containsExactly(a.id(), b.id());
    Await.get(session.remove(a));
    Await.get(session.remove(b));
    Await.until("the end", () -> last(views).entries().isEmpty());
    assertThat(views).isSortedAccordingTo((x, y) -> Long.compare(x.version(), y.version()));
    watch.close();
    Await.until("the watch is gone", () -> watchers() == 0);
  }

  private static QueueView last(List<QueueView> views) {
    return views.get(views.size() - 1);
  }

  private static int payloadOfFirst(List<QueueView> views) {
    return last(views).entries().get(0).payload().orElseThrow()[0];
  }

  @Test
  void aServerThatRestartsEndsEveryWatchWithAReason() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Enqueued own = Await.get(session.enqueue(queue, entry()));
    Wait wait = session.awaitDeparture(own.self(), own.version());
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    CompletableFuture<QueueView> seen = new CompletableFuture<>();
    connect().watch(queue, Detail.NAMES, seen::complete, ended::complete);
    Await.get(seen);
    Await.until("the watches stand", () -> watchers() == 2);
    server.restart();

    assertThat(Await.outcome(wait.departed())).isEqualTo(Outcome.NOT_DONE);
    assertThat(Await.get(ended)).hasMessageContaining("watch");
    Await.until("a heartbeat gets through", () -> succeeds(session));
    Wait again = session.awaitDeparture(own.self(), own.version());
    Await.get(session.remove(own.self()));
    Await.get(again.departed());
  }
}
