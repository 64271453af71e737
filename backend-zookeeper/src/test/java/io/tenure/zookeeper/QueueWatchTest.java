package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreSession;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueueWatchTest extends StoreTest {
  private final List<QueueView> views = new CopyOnWriteArrayList<>();
  private final List<Throwable> ends = new CopyOnWriteArrayList<>();

  private Subscription watch(StoreConnection backend, Detail detail) {
    return backend.watch(QUEUE, detail, views::add, ends::add);
  }

  private List<String> lastIds() {
    return views.isEmpty()
        ? List.of("nothing shown yet")
        : views.get(views.size() - 1).entries().stream().map(Entry::id).toList();
  }

  private List<String> lastPayloads() {
    return views.isEmpty()
        ? List.of("nothing shown yet")
        : views.get(views.size() - 1).entries().stream()
            .map(entry -> new String(entry.payload().orElseThrow(), StandardCharsets.UTF_8))
            .toList();
  }

  @ParameterizedTest
  @EnumSource(Detail.class)
  void theQueueIsFollowedFromNothingToNothing(Detail detail) throws Exception {
    StoreSession session = session();
    watch(connect(), detail);
    Await.until("empty", () -> lastIds().isEmpty());

    Entry one = enqueue(session, "one").self();
    Await.until("one", () -> lastIds().equals(List.of(one.id())));
    Entry two = enqueue(session, "two").self();
    Await.until("two", () -> lastIds().equals(List.of(one.id(), two.id())));
    Await.get(session.remove(one));
    Await.until("two alone", () -> lastIds().equals(List.of(two.id())));
    Await.get(session.remove(two));
    Await.until("empty again", () -> lastIds().isEmpty());

    server.collect(QUEUE_PATH);
    Entry three = enqueue(session, "three").self();
    Await.until("three", () -> lastIds().equals(List.of(three.id())));
    assertThat(ends).isEmpty();
  }

  @Test
  void aChangedPayloadIsShownWhoeverChangesIt() throws Exception {
    StoreSession session = session();
    Entry one = enqueue(session, "one").self();
    Entry two = enqueue(session, "two").self();
    watch(connect(), Detail.PAYLOADS);
    Await.until("both", () -> lastPayloads().equals(List.of("one", "two")));

    Await.get(session.update(two, bytes("zwei")));
    Await.until("second", () -> lastPayloads().equals(List.of("one", "zwei")));
    Await.get(session.update(one, bytes("eins")));
    Await.until("first", () -> lastPayloads().equals(List.of("eins", "zwei")));
    Await.get(session.update(one, bytes("uno")));
    Await.until("again", () -> lastPayloads().equals(List.of("uno", "zwei")));
    assertThat(views.get(views.size() - 1).entries().get(0).revision()).isEqualTo(one.revision());
  }

  @Test
  void viewsComeOneAtATimeAndTheLastStateIsShown() throws Exception {
    StoreSession session = session();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    connect()
        .watch(
            QUEUE,
            Detail.PAYLOADS,
            view -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              views.add(view);
              inside.decrementAndGet();
            },
            ends::add);
    Entry last = null;
    for (int i = 0; i < 100; i++) {
      if (last != null) {
        session.remove(last);
      }
      last = enqueue(session, "n" + i).self();
    }
    String id = last.id();

    Await.until("the last state", () -> lastIds().equals(List.of(id)));
    assertThat(most).hasValue(1);
    assertThat(ends).isEmpty();
  }

  @Test
  void nothingIsShownTwice() throws Exception {
    StoreSession session = session();
    watch(connect(), Detail.PAYLOADS);
    Await.until("empty", () -> lastIds().isEmpty());
    Entry one = enqueue(session, "one").self();
    Await.until("one", () -> lastIds().equals(List.of(one.id())));
    Await.get(session.remove(one));
    Await.until("empty again", () -> lastIds().isEmpty());

    assertThat(views).hasSizeBetween(3, 4);
  }

  @ParameterizedTest
  @EnumSource(Detail.class)
  void closingLeavesNoWatchAndShowsNothingMore(Detail detail) throws Exception {
    StoreSession session = session();
    Entry one = enqueue(session, "one").self();
    StoreConnection backend = connect();
    Subscription watch = watch(backend, detail);
    Await.until("one", () -> lastIds().equals(List.of(one.id())));

    watch.close();
    watch.close();

    Await.until("unwatched", () -> server.watches() == 0);
    enqueue(session, "two");
    Await.get(backend.read(QUEUE, detail));
    assertThat(lastIds()).containsExactly(one.id());
    assertThat(ends).isEmpty();
  }

  @Test
  void closingTheWatchOfAQueueThatDoesNotExistLeavesNoWatch() throws Exception {
    Subscription watch = watch(connect(), Detail.NAMES);
    Await.until("empty", () -> lastIds().isEmpty() && server.watches() == 1);

    watch.close();

    Await.until("unwatched", () -> server.watches() == 0);
  }

  @Test
  void closingAtOnceLeavesNoWatch() throws Exception {
    StoreSession session = session();
    for (int i = 0; i < 10; i++) {
      enqueue(session, "n" + i);
    }
    StoreConnection backend = connect();
    Await.get(backend.read(QUEUE, Detail.NAMES));

    for (int i = 0; i < 50; i++) {
      watch(backend, Detail.PAYLOADS).close();
    }

    Await.until(
        "unwatched", () -> isDone(backend.read(QUEUE, Detail.NAMES)) && server.watches() == 0);
    assertThat(ends).isEmpty();
  }

  @Test
  void aChangeWhileTheConnectionIsBrokenIsNotMissed() throws Exception {
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreSession session = session();
    watch(connect(link.connectString()), Detail.PAYLOADS);
    Await.until("empty", () -> lastIds().isEmpty());
    Await.until("watched", () -> server.watches() == 1);
    link.holdAnswers();
    Entry one = enqueue(session, "one").self();
    link.cut();

    Await.until("one, or ended", () -> lastIds().equals(List.of(one.id())) || !ends.isEmpty());
  }

  @Test
  void anExpiredSessionEndsTheWatchOnce() throws Exception {
    CuratorFramework shared = curator();
    watch(started(ZooKeeperBackend.builder(shared)), Detail.NAMES);
    Await.until("empty", () -> lastIds().isEmpty());

    server.expire(shared.getZookeeperClient().getZooKeeper().getSessionId());

    Await.until("ended", () -> !ends.isEmpty());
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0)).isInstanceOf(StoreException.class);
  }

  @Test
  void aServerThatIsAwayEndsTheWatch() throws Exception {
    StoreConnection backend =
        closeLater(
            ZooKeeperBackend.builder("127.0.0.1:1")
                .tickTime(TICK)
                .build()
                .open(spec(TTL, java.time.Duration.ofMillis(100))));

    watch(backend, Detail.NAMES);

    Await.until("ended", () -> ends.size() == 1);
    assertThat(views).isEmpty();
  }

  @Test
  void aWatcherThatThrowsEndsItsWatch() throws Exception {
    connect()
        .watch(
            QUEUE,
            Detail.NAMES,
            view -> {
              throw new IllegalStateException("from the watcher");
            },
            ends::add);

    Await.until("ended", () -> ends.size() == 1);
    assertThat(ends.get(0)).hasMessageContaining("from the watcher");
    Await.until("unwatched", () -> server.watches() == 0);
  }

  @Test
  void closingTheBackendClosesItsWatchesOnTheUsersFramework() throws Exception {
    StoreConnection backend = started(ZooKeeperBackend.builder(curator()));
    watch(backend, Detail.NAMES);
    Await.until("watched", () -> server.watches() == 1);

    backend.close();

    Await.until("unwatched", () -> server.watches() == 0);
    assertThat(ends).isEmpty();
  }
}
