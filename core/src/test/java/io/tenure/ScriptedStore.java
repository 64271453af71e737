package io.tenure;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.Wait;
import io.tenure.spi.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * A store that gives each answer when the test says so, and the one that the test chooses; only
 * sessions are opened, renewed and closed at once, as long as the test does not want otherwise.
 * Entries are numbered, as {@link ManualTime} numbers their ids.
 */
final class ScriptedStore implements StoreConnection {
  static final Duration TTL = Duration.ofSeconds(20);
  static final QueueName QUEUE = new QueueName("n/lock/a");
  static final int GENERATION = 3;

  /** What was asked and is not answered yet, such as "remove 1". */
  private final List<Request> open = new ArrayList<>();

  final List<Watch> watches = new ArrayList<>();
  private final List<Feed> feeds = new ArrayList<>();
  final List<String> closed = new ArrayList<>();
  boolean opensAtOnce = true;
  boolean beatsAtOnce = true;
  boolean closesAtOnce = true;
  boolean watchesThrow;

  /** What the sessions to come are granted. */
  Duration ttl = TTL;

  String generation = Integer.toString(GENERATION);
  private int sessions;

  private record Request(String what, CompletableFuture<Object> answer) {}

  static String id(long number) {
    return String.format("%032x", number);
  }

  private static long number(String id) {
    return Long.parseLong(id, 16);
  }

  /** An entry whose place and revision are its number. */
  static Entry entry(long number) {
    return new Entry(QUEUE, id(number), "w", number, OptionalLong.of(number), "", Optional.empty());
  }

  private static List<Entry> entries(long... numbers) {
    return LongStream.of(numbers).mapToObj(ScriptedStore::entry).toList();
  }

  List<String> asked() {
    return open.stream().map(Request::what).toList();
  }

  /** Takes the oldest request that begins so, to be answered. */
  @SuppressWarnings("unchecked")
  <T> CompletableFuture<T> take(String what) {
    for (Iterator<Request> requests = open.iterator(); requests.hasNext(); ) {
      Request request = requests.next();
      if (request.what().startsWith(what)) {
        requests.remove();
        return (CompletableFuture<T>) request.answer();
      }
    }
    throw new AssertionError("nobody asked to " + what + ", but to " + asked());
  }

  void fail(String what, Outcome outcome) {
    take(what).completeExceptionally(new StoreException(outcome, "for this test"));
  }

  void enqueued(long self, long version, long... ahead) {
    take("enqueue " + self).complete(new Enqueued(entry(self), entries(ahead), version));
  }

  void read(long version, long... entries) {
    take("read").complete(new QueueView(entries(entries), version));
  }

  private <T> CompletionStage<T> ask(String what) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    @SuppressWarnings("unchecked")
    CompletableFuture<Object> any = (CompletableFuture<Object>) answer;
    open.add(new Request(what, any));
    return answer;
  }

  /** The watches that stand, each as the entry's number and the version it begins at: "1@7". */
  List<String> watched() {
    return watches.stream().filter(watch -> !watch.over).map(watch -> watch.what).toList();
  }

  /** Takes the watch on an entry that stands. */
  Watch watch(long number) {
    return watches.stream()
        .filter(watch -> !watch.over && watch.what.startsWith(number + "@"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(number + " is not in " + watched()));
  }

  /** A watch on one entry. */
  static final class Watch implements Wait {
    private final String what;
    private final CompletableFuture<Void> departed = new CompletableFuture<>();
    private boolean over;

    private Watch(String what) {
      this.what = what;
    }

    void departs() {
      over = true;
      departed.complete(null);
    }

    void breaks(Outcome outcome) {
      over = true;
      departed.completeExceptionally(new StoreException(outcome, "for this test"));
    }

    @Override
    public CompletionStage<Void> departed() {
      return departed;
    }

    @Override
    public void cancel() {
      over = true;
    }
  }

  @Override
  public CompletionStage<StoreSession> openSession() {
    return opensAtOnce ? CompletableFuture.completedFuture(session()) : ask("open");
  }

  StoreSession session() {
    return new Session("session-" + ++sessions, ttl);
  }

  @Override
  public CompletionStage<QueueView> read(QueueName queue, Detail detail) {
    return ask("read");
  }

  @Override
  public Subscription watch(
      QueueName queue, Detail detail, Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    Feed feed = new Feed(onView, onEnd);
    feeds.add(feed);
    return () -> feeds.remove(feed);
  }

  /** Takes the oldest watch of the queue that stands. */
  Feed feed() {
    return feeds.remove(0);
  }

  /** A watch of the queue. */
  record Feed(Consumer<QueueView> onView, Consumer<Throwable> onEnd) {
    void shows(long version, long... numbers) {
      onView.accept(new QueueView(entries(numbers), version));
    }

    void breaks(Outcome outcome) {
      onEnd.accept(new StoreException(outcome, "for this test"));
    }
  }

  @Override
  public CompletionStage<Optional<Versioned>> get(String key) {
    byte[] value = generation.getBytes(StandardCharsets.UTF_8);
    return CompletableFuture.completedFuture(Optional.of(new Versioned(value, 1)));
  }

  @Override
  public CompletionStage<WriteOutcome> write(List<Mutation> writes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  private final class Session implements StoreSession {
    private final String id;
    private final Duration granted;

    private Session(String id, Duration granted) {
      this.id = id;
      this.granted = granted;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Duration ttl() {
      return granted;
    }

    @Override
    public Duration validityFromOpen() {
      return granted;
    }

    @Override
    public CompletionStage<Duration> heartbeat() {
      return beatsAtOnce ? CompletableFuture.completedFuture(granted) : ask("beat");
    }

    @Override
    public CompletionStage<Enqueued> enqueue(QueueName queue, EntrySpec spec) {
      return ask("enqueue " + number(spec.id()));
    }

    @Override
    public CompletionStage<Boolean> remove(Entry own) {
      return ask("remove " + number(own.id()));
    }

    @Override
    public CompletionStage<Boolean> withdraw(QueueName queue, String entryId) {
      return ask("withdraw " + number(entryId));
    }

    @Override
    public CompletionStage<Void> update(Entry own, byte[] payload) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Wait awaitDeparture(Entry entry, long fromVersion) {
      if (watchesThrow) {
        throw new IllegalStateException("for this test");
      }
      Watch watch = new Watch(number(entry.id()) + "@" + fromVersion);
      watches.add(watch);
      return watch;
    }

    @Override
    public CompletionStage<WriteOutcome> write(Optional<Entry> guard, List<Mutation> writes) {
      return ask("write " + writes.get(0).key());
    }

    @Override
    public CompletionStage<Void> close() {
      closed.add(id);
      return closesAtOnce ? CompletableFuture.completedFuture(null) : ask("close " + id);
    }
  }
}
