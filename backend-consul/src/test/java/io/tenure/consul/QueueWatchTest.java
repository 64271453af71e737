package io.tenure.consul;

import static io.tenure.testkit.Eventually.answer;
import static io.tenure.testkit.Eventually.eventually;
import static io.tenure.testkit.Eventually.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Subscription;
import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.server.Servers;
import io.tenure.testkit.server.StoreServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class QueueWatchTest extends ConsulTest {
  private final List<QueueView> views = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> end = new CompletableFuture<>();

  private Subscription watch(StoreConnection backend, Detail detail) {
    return closeLater(backend.watch(queue, detail, views::add, end::complete));
  }

  private Optional<List<Entry>> last() {
    return views.isEmpty() ? Optional.empty() : Optional.of(views.get(views.size() - 1).entries());
  }

  private void awaitLast(Enqueued... entries) {
    List<String> expected = List.of(entries).stream().map(each -> each.self().id()).toList();
    eventually(() -> assertThat(last().map(ConsulTest::ids)).contains(expected));
  }

  @Test
  void thePresentViewComesFirstAndThenOneAfterEachChange() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    watch(backend, Detail.PAYLOADS);
    awaitLast();
    Enqueued first = enqueue(session, "a");
    awaitLast(first);
    Enqueued second = enqueue(session, "b");
    awaitLast(first, second);
    answer(session.update(second.self(), bytes("c")));
    eventually(
        () ->
            assertThat(last().orElseThrow().get(1).payload().orElseThrow()).isEqualTo(bytes("c")));
    answer(session.remove(first.self()));
    awaitLast(second);
    assertThat(end).isNotDone();
  }

  @Test
  void whatDoesNotConcernTheQueueIsNotShown() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    watch(backend, Detail.NAMES);
    awaitLast();
    answer(session.enqueue(new QueueName(queue.path() + "c"), entry("a")));
    answer(session.enqueue(new QueueName(queue.path() + "/c"), entry("a")));
    String stranger = Keys.url("tenure/" + queue.path() + "/stranger");
    operator().put(stranger, "x");

    throughout(Duration.ofMillis(500), () -> assertThat(views).hasSize(1));
    operator().delete(stranger);
  }

  @Test
  void aClosedWatchShowsNothingMore() {
    StoreConnection backend = connect();
    Subscription watch = watch(backend, Detail.NAMES);
    awaitLast();
    watch.close();
    watch.close();
    enqueue(session(backend), "a");

    throughout(Duration.ofMillis(300), () -> assertThat(views).hasSize(1));
    assertThat(end).isNotDone();
  }

  @Test
  void manyWatchesShareOneQueryAndShowTheSame() {
    StoreConnection backend = connect();
    StoreSession session = session(backend);
    awaitTheEndOfFormerQueries();
    int count = Followers.ALONE + 20;
    List<List<QueueView>> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<QueueView> mine = new CopyOnWriteArrayList<>();
      seen.add(mine);
      QueueName name = new QueueName(namespace + "/election/" + i);
      closeLater(backend.watch(name, Detail.PAYLOADS, mine::add, end::complete));
    }
    eventually(() -> assertThat(seen).allMatch(mine -> mine.size() == 1));
    eventually(() -> assertThat(operator().heldBack()).isEqualTo(Followers.ALONE + 1));
    for (int i = 0; i < count; i++) {
      QueueName name = new QueueName(namespace + "/election/" + i);
      Enqueued mine = answer(session.enqueue(name, entry("a")));
      List<QueueView> views = seen.get(i);
      eventually(
          () ->
              assertThat(ids(views.get(views.size() - 1).entries()))
                  .containsExactly(mine.self().id()));
      answer(session.update(mine.self(), bytes("b")));
      eventually(
          () ->
              assertThat(views.get(views.size() - 1).entries().get(0).payload().orElseThrow())
                  .isEqualTo(bytes("b")));
    }
    assertThat(seen).allMatch(mine -> mine.size() == 3);
    assertThat(end).isNotDone();
  }

  @Test
  void aViewThatIsNotTakenEndsTheWatch() {
    StoreConnection backend = connect();
    closeLater(
        backend.watch(
            queue,
            Detail.NAMES,
            view -> {
              throw new IllegalStateException("not today");
            },
            end::complete));
    assertThat(answer(end)).isInstanceOf(StoreException.class).hasRootCauseMessage("not today");
  }

  @Test
  void aWatchEndsWhenTheStoreStaysAway() {
    StoreServer server = closeLater(Servers.consul().configuration(Operator.SETTINGS).start());
    StoreConnection backend =
        started(ConsulBackend.builder(server.url()).sessionTtlMin(SHORT_TTL), SHORT_TTL);
    watch(backend, Detail.NAMES);
    awaitLast();
    server.kill();
    assertThat(answer(end)).isInstanceOf(StoreException.class);
  }
}
