package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueName;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.testkit.TcpProxy;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class EntriesTest extends StoreTest {
  @Test
  void anEnqueueIsOneWriteAndSoIsARemoval() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    long before = etcd.revision();
    Enqueued enqueued = Await.get(session.enqueue(queue, entry()));
    assertThat(etcd.revision()).isEqualTo(before + 1);
    assertThat(Await.get(session.remove(enqueued.self()))).isTrue();
    assertThat(etcd.revision()).isEqualTo(before + 2);
  }

  @Test
  void aRepeatedEnqueueAnswersTheSameEntryAndWritesNothing() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Enqueued other = Await.get(session.enqueue(queue, entry()));
    EntrySpec spec = entry();
    Enqueued first = Await.get(session.enqueue(queue, spec));
    long before = etcd.revision();
    Enqueued again = Await.get(session.enqueue(queue, spec));

    assertThat(etcd.revision()).isEqualTo(before);
    assertThat(again.self().order()).isEqualTo(first.self().order());
    assertThat(again.self().revision()).isEqualTo(first.self().revision());
    assertThat(again.ahead()).extracting(Entry::id).containsExactly(other.self().id());
  }

  @Test
  void anEntryOfAnotherSessionIsNotTakenForOnesOwn() throws Exception {
    QueueName queue = queue();
    EntrySpec spec = entry();
    Await.get(session().enqueue(queue, spec));
    StoreSession stranger = session();
    assertThat(Await.outcome(stranger.enqueue(queue, spec))).isEqualTo(Outcome.REFUSED);
    assertThat(Await.get(stranger.withdraw(queue, spec.id()))).isFalse();
    assertThat(keys(queue)).hasSize(1);
  }

  @Test
  void theOrderIsThatOfCreationAndTheTokenIsTheCreateRevision() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Entry a = Await.get(session.enqueue(queue, entry())).self();
    Entry b = Await.get(session.enqueue(queue, entry())).self();
    Enqueued c = Await.get(session.enqueue(queue, entry()));
    Await.get(session.update(a, "changed".getBytes(UTF_8)));

    assertThat(c.ahead()).extracting(Entry::id).containsExactly(a.id(), b.id());
    QueueView view = Await.get(connect().read(queue, Detail.PAYLOADS));
    assertThat(view.entries()).extracting(Entry::id).containsExactly(a.id(), b.id(), c.self().id());
    Entry first = view.entries().get(0);
    assertThat(first.revision()).isEqualTo(a.revision());
    assertThat(first.payload().orElseThrow()).isEqualTo("changed".getBytes(UTF_8));
    assertThat(etcd.under("tenure/" + a.locator()).get(0).getCreateRevision())
        .isEqualTo(a.revision().orElseThrow());
  }

  @Test
  void whatAStrangerPutsIntoAQueueIsNotAnEntry() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    String path = "tenure/" + queue.path() + "/";
    etcd.put(path + "note", new byte[] {1});
    etcd.put(path + "w.short", new byte[] {1});
    etcd.put(path + "inner/w." + "0".repeat(32), new byte[] {1});
    etcd.put(path + "\u00ff.\u0000", new byte[] {1});
    Enqueued enqueued = Await.get(session.enqueue(queue, entry()));
    assertThat(enqueued.ahead()).isEmpty();
    assertThat(Await.get(connect().read(queue, Detail.NAMES)).entries()).hasSize(1);
  }

  @Test
  void aQueueIsNotMistakenForOneWhoseNameBeginsAlike() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Await.get(session.enqueue(new QueueName(queue.path() + "0"), entry()));
    Await.get(session.enqueue(new QueueName(queue.path() + "-"), entry()));
    assertThat(Await.get(session.enqueue(queue, entry())).ahead()).isEmpty();
  }

  @Test
  void aRemovalTouchesNoOtherEntry() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    EntrySpec spec = entry();
    Entry first = Await.get(session.enqueue(queue, spec)).self();
    assertThat(Await.get(session.remove(first))).isTrue();
    Entry second = Await.get(session.enqueue(queue, spec)).self();

    assertThat(Await.get(session.remove(first))).isFalse();
    assertThat(Await.outcome(session.update(first, new byte[0]))).isEqualTo(Outcome.NOT_DONE);
    assertThat(Await.get(session.remove(second))).isTrue();
  }

  @Test
  void anEnqueueThatArrivesAfterItsWithdrawalMakesNoGhost() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    EntrySpec spec = entry();
    assertThat(Await.get(session.withdraw(queue, spec.id()))).isFalse();
    // The very request that was given up, as a server may still find it in its buffer.
    assertThat(Await.outcome(session.enqueue(queue, spec))).isEqualTo(Outcome.REFUSED);
    assertThat(keys(queue)).isEmpty();
    Await.get(session.close());
    assertThat(etcd.keys("tenure/.withdrawn/" + spec.id())).isEmpty();
  }

  @Test
  void aWithdrawalFindsTheEntryThatWasMade() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    EntrySpec spec = entry();
    Await.get(session.enqueue(queue, spec));
    Await.get(session.enqueue(queue, entry()));
    assertThat(Await.get(session.withdraw(queue, spec.id()))).isTrue();
    assertThat(Await.get(session.withdraw(queue, spec.id()))).isFalse();
    assertThat(keys(queue)).hasSize(1);
  }

  @Test
  void theRemovalOfAnEntryWithAnUnansweredEnqueueBehindItIsFinalToo() throws Exception {
    TcpProxy cable = cable();
    StoreConnection backend =
        started(
            EtcdBackend.connect("http://" + cable.address()),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1));
    StoreSession session = Await.answered(backend::openSession);
    QueueName queue = queue();
    EntrySpec spec = entry();
    cable.cut();
    CompletionStage<Enqueued> lost = session.enqueue(queue, spec);
    assertThat(Await.outcome(lost)).isEqualTo(Outcome.UNKNOWN);
    cable.heal();
    Entry own = Await.answered(() -> session.enqueue(queue, spec)).self();
    Await.answered(() -> session.remove(own));

    assertThat(etcd.keys("tenure/.withdrawn/" + spec.id())).hasSize(1);
    assertThat(Await.outcome(session.enqueue(queue, spec))).isEqualTo(Outcome.REFUSED);
    assertThat(keys(queue)).isEmpty();
  }
}
