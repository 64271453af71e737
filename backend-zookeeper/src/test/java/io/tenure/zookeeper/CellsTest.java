package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Entry;
import io.tenure.spi.Mutation;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import io.tenure.spi.WriteOutcome.Applied;
import io.tenure.spi.WriteOutcome.HolderGone;
import io.tenure.spi.WriteOutcome.Mismatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CellsTest extends StoreTest {
  private static final String KEY = "ns/cell/a%2Fb";
  private static final String PATH = "/tenure/ns/cell/a%2Fb";

  private StoreConnection backend;

  @BeforeEach
  void connectOnce() {
    backend = connect();
  }

  private long write(Mutation... writes) throws Exception {
    Applied applied = (Applied) Await.get(backend.write(List.of(writes)));
    return applied.versions().get(0).orElse(0);
  }

  private Mismatch mismatch(Mutation... writes) throws Exception {
    return (Mismatch) Await.get(backend.write(List.of(writes)));
  }

  private Versioned read(String key) throws Exception {
    return Await.get(backend.get(key)).orElseThrow();
  }

  @Test
  void aCellThatWasNeverWrittenIsEmpty() throws Exception {
    assertThat(Await.get(backend.get(KEY))).isEmpty();
  }

  @Test
  void creatingNeedsAnEmptyCellAndTellsTheVersion() throws Exception {
    long version = write(put(KEY, Expected.absent(), "one"));

    assertThat(read(KEY)).isEqualTo(new Versioned(bytes("one"), version));
    Mismatch again = mismatch(put(KEY, Expected.absent(), "two"));
    assertThat(again.index()).isZero();
    assertThat(again.current()).contains(new Versioned(bytes("one"), version));
  }

  @Test
  void creatingIsOneWrite() throws Exception {
    write(put("ns/cell/first", Expected.absent(), "makes the parents"));
    long zxid = server.zxid();

    long version = write(put(KEY, Expected.absent(), "one"));

    assertThat(server.zxid()).isEqualTo(zxid + 1);
    assertThat(version).isEqualTo(server.zxid());
  }

  @Test
  void aSwapByValueOrVersionIsOneWrite() throws Exception {
    long one = write(put(KEY, Expected.absent(), "one"));
    long two = write(put(KEY, Expected.version(one), "two"));
    long three = write(put(KEY, Expected.value(bytes("two")), "three"));

    assertThat(two).isEqualTo(one + 1);
    assertThat(three).isEqualTo(two + 1);
    assertThat(read(KEY)).isEqualTo(new Versioned(bytes("three"), three));
  }

  @Test
  void aSwapOfSomethingElseShowsWhatIsThere() throws Exception {
    long one = write(put(KEY, Expected.absent(), "one"));
    long two = write(put(KEY, Expected.version(one), "two"));
    long zxid = server.zxid();

    assertThat(mismatch(put(KEY, Expected.version(one), "x")).current())
        .contains(new Versioned(bytes("two"), two));
    assertThat(mismatch(put(KEY, Expected.value(bytes("one")), "x")).current())
        .contains(new Versioned(bytes("two"), two));
    assertThat(server.zxid()).isEqualTo(zxid);
  }

  @Test
  void expectingSomethingOfAnEmptyCellShowsThatItIsEmpty() throws Exception {
    assertThat(mismatch(put(KEY, Expected.version(1), "x")).current()).isEmpty();
    assertThat(mismatch(put(KEY, Expected.value(bytes("")), "x")).current()).isEmpty();
    assertThat(mismatch(delete(KEY, Expected.version(1))).current()).isEmpty();
  }

  @Test
  void deletingLeavesNothing() throws Exception {
    long one = write(put(KEY, Expected.absent(), "one"));

    assertThat(Await.get(backend.write(List.of(delete(KEY, Expected.version(one))))))
        .isEqualTo(new Applied(List.of(OptionalLong.empty())));

    assertThat(Await.get(backend.get(KEY))).isEmpty();
    assertThat(server.children("/tenure/ns/cell")).isEmpty();
  }

  @Test
  void versionsDoNotReturnWhenACellIsMadeAgain() throws Exception {
    long one = write(put(KEY, Expected.absent(), "same"));
    write(delete(KEY, Expected.version(one)));
    long two = write(put(KEY, Expected.absent(), "same"));

    assertThat(two).isGreaterThan(one);
    assertThat(mismatch(put(KEY, Expected.version(one), "x")).current())
        .contains(new Versioned(bytes("same"), two));
  }

  @Test
  void aWriteThatIsBasedOnAnEarlierIncarnationDoesNotHitALaterOne() throws Exception {
    // Both incarnations have the same number of writes, which is all that ZooKeeper compares.
    long one = write(put(KEY, Expected.absent(), "old"));
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreConnection slow = connect(link.connectString());
    Await.get(slow.get(KEY));
    link.holdAnswers();
    long reads = link.sent(OpCode.getData);
    CompletionStage<WriteOutcome> late =
        slow.write(List.of(put(KEY, Expected.value(bytes("old")), "late")));
    Await.until("asked", () -> link.sent(OpCode.getData) == reads + 1);
    Await.get(backend.get(KEY));

    write(delete(KEY, Expected.version(one)));
    long two = write(put(KEY, Expected.absent(), "new"));
    link.releaseAnswers();

    assertThat(Await.get(late))
        .isEqualTo(new Mismatch(0, Optional.of(new Versioned(bytes("new"), two))));
    assertThat(read(KEY).text()).isEqualTo("new");
  }

  @Test
  void aWriteThatWasOvertakenIsTriedAgainIfItsExpectationStillHolds() throws Exception {
    long one = write(put(KEY, Expected.absent(), "same"));
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreConnection slow = connect(link.connectString());
    Await.get(slow.get(KEY));
    link.holdAnswers();
    long reads = link.sent(OpCode.getData);
    CompletionStage<WriteOutcome> late =
        slow.write(List.of(put(KEY, Expected.value(bytes("same")), "late")));
    Await.until("asked", () -> link.sent(OpCode.getData) == reads + 1);
    Await.get(backend.get(KEY));

    write(delete(KEY, Expected.version(one)));
    write(put(KEY, Expected.absent(), "same"));
    link.releaseAnswers();

    assertThat(Await.get(late)).isInstanceOf(Applied.class);
    assertThat(read(KEY).text()).isEqualTo("late");
  }

  @Test
  void aWriteWhoseAnswerWasLostIsUnknown() throws Exception {
    write(put("ns/cell/first", Expected.absent(), "makes the parents"));
    FlakyLink link = closeLater(new FlakyLink(server.port()));
    StoreConnection cut = connect(link.connectString());
    Await.get(cut.get(KEY));
    link.holdAnswers();

    CompletionStage<WriteOutcome> lost = cut.write(List.of(put(KEY, Expected.absent(), "applied")));
    Await.until("applied", () -> server.exists(PATH));
    link.cut();

    assertThat(Await.outcome(lost)).isEqualTo(Outcome.UNKNOWN);
    assertThat(read(KEY).text()).isEqualTo("applied");
  }

  @Test
  void severalCellsAreWrittenTogetherOrNotAtAll() throws Exception {
    long a = write(put("ns/a", Expected.absent(), "a"));

    Mismatch mismatch =
        mismatch(put("ns/b", Expected.absent(), "b"), put("ns/a", Expected.version(a + 1), "x"));
    assertThat(mismatch.index()).isEqualTo(1);
    assertThat(Await.get(backend.get("ns/b"))).isEmpty();

    Applied applied =
        (Applied)
            Await.get(
                backend.write(
                    List.of(
                        put("ns/b", Expected.absent(), "b"),
                        put("ns/a", Expected.version(a), "a2"),
                        put("ns/c/d", Expected.absent(), "d"))));
    long version = applied.versions().get(0).getAsLong();
    assertThat(applied.versions()).containsOnly(OptionalLong.of(version));
    assertThat(read("ns/a")).isEqualTo(new Versioned(bytes("a2"), version));
    assertThat(read("ns/b").version()).isEqualTo(version);
    assertThat(read("ns/c/d").version()).isEqualTo(version);
  }

  @Test
  void asManyCellsAsTheTraitsSayAreWrittenTogether() throws Exception {
    int most = ZooKeeperBackend.connect("localhost").traits().maxWritesAtOnce();
    Mutation[] writes =
        IntStream.range(0, most)
            .mapToObj(i -> put("ns/cell/" + i, Expected.absent(), "x".repeat(5_000)))
            .toArray(Mutation[]::new);

    write(writes);

    assertThat(server.children("/tenure/ns/cell")).hasSize(2 * most);
  }

  @Test
  void moreThanTheServerTakesAtOnceIsRefusedHere() throws Exception {
    List<Mutation> writes = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      writes.add(put("ns/cell/" + i, Expected.absent(), "x".repeat(65_536)));
    }

    assertThat(Await.outcome(backend.write(writes))).isEqualTo(Outcome.REFUSED);
    assertThat(Await.get(backend.get("ns/cell/0"))).isEmpty();
  }

  @Test
  void manyWritersOfOneCellLoseNoUpdate() throws Exception {
    write(put(KEY, Expected.absent(), "0"));
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      StoreConnection writer = connect();
      Thread thread = new Thread(() -> increment(writer, 25));
      thread.start();
      writers.add(thread);
    }
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(read(KEY).text()).isEqualTo("100");
  }

  private static void increment(StoreConnection writer, int times) {
    try {
      for (int done = 0; done < times; ) {
        Versioned is = Await.get(writer.get(KEY)).orElseThrow();
        String next = Integer.toString(Integer.parseInt(is.text()) + 1);
        WriteOutcome outcome =
            Await.get(writer.write(List.of(put(KEY, Expected.version(is.version()), next))));
        done += outcome instanceof Applied ? 1 : 0;
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aGuardedWriteIsAppliedWhileTheEntryExists() throws Exception {
    StoreSession session = session();
    Entry held = enqueue(session, "holder").self();
    Optional<Entry> guard = Optional.of(held);

    assertThat(Await.get(session.write(guard, List.of(put(KEY, Expected.absent(), "one")))))
        .isInstanceOf(Applied.class);
    Await.get(session.update(held, bytes("a new payload does not matter")));
    assertThat(
            Await.get(session.write(guard, List.of(put(KEY, Expected.value(bytes("one")), "two")))))
        .isInstanceOf(Applied.class);
    assertThat(Await.get(session.write(guard, List.of(put(KEY, Expected.absent(), "three")))))
        .isInstanceOf(Mismatch.class);

    Await.get(session.remove(held));
    long zxid = server.zxid();
    for (Mutation late :
        List.of(
            put(KEY, Expected.value(bytes("two")), "late"),
            put("ns/cell/other", Expected.absent(), "late"),
            delete(KEY, Expected.value(bytes("two"))))) {
      assertThat(Await.get(session.write(guard, List.of(late)))).isInstanceOf(HolderGone.class);
    }
    assertThat(read(KEY).text()).isEqualTo("two");
    assertThat(server.zxid()).as("refused transactions are counted").isGreaterThan(zxid);
  }

  @Test
  void anEphemeralCellGoesWithItsSession() throws Exception {
    StoreSession session = session();
    Await.get(
        session.write(Optional.empty(), List.of(putEphemeral(KEY, Expected.absent(), "bound"))));
    assertThat(read(KEY).text()).isEqualTo("bound");

    server.expire(sessionId(session));

    assertThat(Await.get(backend.get(KEY))).isEmpty();
    assertThat(server.children("/tenure/ns/cell")).isEmpty();
  }

  @Test
  void aCellKeepsTheLifeThatItWasCreatedWith() throws Exception {
    StoreSession session = session();
    write(put("ns/lasting", Expected.absent(), "one"));
    Await.get(
        session.write(
            Optional.empty(),
            List.of(
                putEphemeral("ns/lasting", Expected.value(bytes("one")), "two"),
                putEphemeral("ns/bound", Expected.absent(), "one"))));
    write(put("ns/bound", Expected.value(bytes("one")), "two"));

    Await.get(session.close());

    assertThat(read("ns/lasting").text()).isEqualTo("two");
    assertThat(Await.get(backend.get("ns/bound"))).isEmpty();
  }

  @Test
  void anEphemeralCellThatWasDeletedAndMadeAgainByAnotherIsNotDroppedWithTheSession()
      throws Exception {
    StoreSession session = session();
    Await.get(
        session.write(Optional.empty(), List.of(putEphemeral(KEY, Expected.absent(), "bound"))));
    write(delete(KEY, Expected.value(bytes("bound"))));
    write(put(KEY, Expected.absent(), "another's"));

    Await.get(session.close());

    assertThat(read(KEY).text()).isEqualTo("another's");
  }

  @Test
  void whatAStrangerWroteIsAValueLikeAnyOther() throws Exception {
    CuratorFramework stranger = curator();
    stranger.create().creatingParentsIfNeeded().forPath(PATH, bytes("foreign"));

    Versioned foreign = read(KEY);
    assertThat(foreign.text()).isEqualTo("foreign");
    long ours = write(put(KEY, Expected.version(foreign.version()), "ours"));

    assertThat(read(KEY)).isEqualTo(new Versioned(bytes("ours"), ours));
    stranger.setData().forPath(PATH, new byte[0]);
    assertThat(mismatch(put(KEY, Expected.version(ours), "x")).current().orElseThrow().value())
        .isEmpty();
    write(delete(KEY, Expected.value(new byte[0])));
    assertThat(Await.get(backend.get(KEY))).isEmpty();
  }

  @Test
  void aCellWhoseMarkerAStrangerDeletedCanStillBeWritten() throws Exception {
    long one = write(put(KEY, Expected.absent(), "one"));
    CuratorFramework stranger = curator();
    for (String node : server.children("/tenure/ns/cell")) {
      if (node.contains("~")) {
        stranger.delete().forPath("/tenure/ns/cell/" + node);
      }
    }

    long two = write(put(KEY, Expected.version(one), "two"));
    assertThat(read(KEY)).isEqualTo(new Versioned(bytes("two"), two));
    write(delete(KEY, Expected.version(two)));
    assertThat(server.children("/tenure/ns/cell")).isEmpty();
  }

  @Test
  void cellsWhoseDirectoryWasCollectedCanBeMadeAgain() throws Exception {
    write(put(KEY, Expected.absent(), "one"));
    write(delete(KEY, Expected.value(bytes("one"))));
    server.collect("/tenure/ns/cell");
    server.collect("/tenure/ns");

    write(put(KEY, Expected.absent(), "two"));

    assertThat(read(KEY).text()).isEqualTo("two");
  }

  @Test
  void cellsSurviveARestart() throws Exception {
    long version = write(put(KEY, Expected.absent(), "one"));

    server.restart();
    Await.until("connected", () -> isDone(backend.get(KEY)));

    assertThat(read(KEY)).isEqualTo(new Versioned(bytes("one"), version));
    assertThat(write(put(KEY, Expected.version(version), "two"))).isGreaterThan(version);
  }
}
