package io.tenure.inmemory;

import static io.tenure.spi.StoreException.Outcome.NOT_DONE;
import static io.tenure.spi.StoreException.Outcome.REFUSED;
import static io.tenure.spi.StoreException.Outcome.SESSION_GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.Detail;
import io.tenure.spi.Enqueued;
import io.tenure.spi.Entry;
import io.tenure.spi.EntrySpec;
import io.tenure.spi.QueueView;
import io.tenure.spi.StoreSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries: their order, their identity, and whose they are. */
class QueueTest extends Fixture {
  private final StoreSession a = session("a");
  private final StoreSession b = session("b");

  @Test
  void anEntryIsAnsweredWithEverybodyAheadOfItInOrder() {
    Entry first = enqueue(a).self();
    Entry second = enqueue(b).self();
    Enqueued third = now(a.enqueue(QUEUE, new EntrySpec("c".repeat(32), "r", bytes("me"))));

    assertThat(third.ahead()).extracting(Entry::id).containsExactly(first.id(), second.id());
    assertThat(third.ahead()).isSortedAccordingTo((x, y) -> Long.compare(x.order(), y.order()));
    assertThat(third.self().kind()).isEqualTo("r");
    assertThat(third.self().payload()).hasValue(bytes("me"));
  }

  @Test
  void theRevisionOfAnEntryIsItsPlaceAndGrowsAlsoWhenTheQueueWasEmptyInBetween() {
    Entry first = enqueue(a).self();
    now(a.remove(first));
    Entry second = enqueue(b).self();

    assertThat(first.revision()).hasValue(first.order());
    assertThat(second.revision().getAsLong()).isGreaterThan(first.revision().getAsLong());
  }

  @Test
  void queuesDoNotSeeEachOther() {
    enqueue(a);

    assertThat(now(b.enqueue(OTHER_QUEUE, entry(""))).ahead()).isEmpty();
  }

  @Test
  void enqueueingTheSameIdAgainFindsTheSameEntryAndWritesNothing() {
    EntrySpec spec = entry("once");
    Enqueued first = now(a.enqueue(QUEUE, spec));
    enqueue(b);
    long writes = store.revision();

    Enqueued again = now(a.enqueue(QUEUE, spec));

    assertThat(again.self().revision()).isEqualTo(first.self().revision());
    assertThat(again.ahead()).isEmpty();
    assertThat(store.revision()).isEqualTo(writes);
    assertThat(store.entries(QUEUE)).hasSize(2);
  }

  @Test
  void anIdOfAnotherSessionIsRefusedAndNeverTakenForOnesOwn() {
    EntrySpec spec = entry("");
    now(a.enqueue(QUEUE, spec));

    assertThat(failureOf(b.enqueue(QUEUE, spec))).isEqualTo(REFUSED);
  }

  @Test
  void aDeadSessionEnqueuesNothing() {
    store.expireSession(a.id());

    assertThat(failureOf(a.enqueue(QUEUE, entry("")))).isEqualTo(SESSION_GONE);
    assertThat(store.queues()).isEmpty();
  }

  @Test
  void removeTakesOneEntryOutAndSaysWhetherItWasThere() {
    Entry own = enqueue(a).self();
    Entry other = enqueue(a).self();

    assertThat(now(a.remove(own))).isTrue();
    assertThat(now(a.remove(own))).isFalse();
    assertThat(store.entries(QUEUE)).extracting(Entry::id).containsExactly(other.id());
  }

  @Test
  void removeTouchesNoEntryOfAnotherSession() {
    Entry own = enqueue(a).self();

    assertThat(now(b.remove(own))).isFalse();
    assertThat(now(b.withdraw(QUEUE, own.id()))).isFalse();
    assertThat(store.entries(QUEUE)).hasSize(1);
  }

  @Test
  void removeTouchesNoLaterIncarnationOfTheSameId() {
    EntrySpec spec = entry("");
    Entry first = now(a.enqueue(QUEUE, spec)).self();
    now(a.remove(first));
    now(a.enqueue(QUEUE, spec));

    assertThat(now(a.remove(first))).isFalse();
    assertThat(store.entries(QUEUE)).hasSize(1);
  }

  @Test
  void removingAnEntryOfADeadSessionFindsItGone() {
    Entry own = enqueue(a).self();
    store.expireSession(a.id());

    assertThat(now(a.remove(own))).isFalse();
    assertThat(now(a.withdraw(QUEUE, own.id()))).isFalse();
  }

  @Test
  void withdrawFindsAnEntryByItsIdAlone() {
    EntrySpec spec = entry("");
    now(a.enqueue(QUEUE, spec));

    assertThat(now(a.withdraw(QUEUE, spec.id()))).isTrue();
    assertThat(now(a.withdraw(QUEUE, spec.id()))).isFalse();
    assertThat(store.queues()).isEmpty();
  }

  @Test
  void updateReplacesThePayloadAndKeepsPlaceAndRevision() {
    Entry own = enqueue(a).self();
    enqueue(b);

    now(a.update(own, bytes("new")));

    Entry updated = store.entries(QUEUE).get(0);
    assertThat(updated.id()).isEqualTo(own.id());
    assertThat(updated.revision()).isEqualTo(own.revision());
    assertThat(updated.payload()).hasValue(bytes("new"));
  }

  @Test
  void updateOfAGoneEntryIsNotDone() {
    Entry own = enqueue(a).self();
    store.deleteEntry(QUEUE, own.id());

    assertThat(failureOf(a.update(own, bytes("new")))).isEqualTo(NOT_DONE);
    store.expireSession(a.id());
    assertThat(failureOf(a.update(own, bytes("new")))).isEqualTo(SESSION_GONE);
  }

  @Test
  void aViewOfNamesShowsNoPayloadAndNoRevisionBecauseSomeStoresCannot() {
    Entry own = now(a.enqueue(QUEUE, entry("secret"))).self();

    Entry named = now(client("reader").read(QUEUE, Detail.NAMES)).entries().get(0);
    Entry full = now(client("reader").read(QUEUE, Detail.PAYLOADS)).entries().get(0);

    assertThat(named.order()).isEqualTo(own.order());
    assertThat(named.revision()).isEmpty();
    assertThat(named.payload()).isEmpty();
    assertThat(full.revision()).isEqualTo(own.revision());
    assertThat(full.payload()).hasValue(bytes("secret"));
  }

  @Test
  void nobodyChangesAPayloadThroughAnArrayThatTheyHold() {
    byte[] mine = bytes("new");
    Entry own = enqueue(a).self();
    now(a.update(own, mine));
    mine[0] = 'X';
    store.entries(QUEUE).get(0).payload().orElseThrow()[0] = 'Y';

    assertThat(store.entries(QUEUE).get(0).payload()).hasValue(bytes("new"));
  }

  @Test
  void aQueueThatDoesNotExistReadsAsEmpty() {
    QueueView view = now(client("reader").read(QUEUE, Detail.NAMES));

    assertThat(view.entries()).isEmpty();
    assertThat(view.version()).isEqualTo(store.revision());
  }

  @Test
  void whatAStrangerPutsIntoAQueueIsNeverAnEntry() {
    Entry own = enqueue(a).self();
    store.putForeign(QUEUE, "garbage", bytes("?"));
    store.putForeign(QUEUE, "w." + "f".repeat(32), bytes("looks like one"));

    assertThat(ids(now(client("reader").read(QUEUE, Detail.PAYLOADS)))).containsExactly(own.id());
    assertThat(enqueue(b).ahead()).extracting(Entry::id).containsExactly(own.id());
  }

  @Test
  void anEmptyQueueLeavesNothingBehind() {
    now(a.remove(enqueue(a).self()));
    store.deleteEntry(QUEUE, enqueue(b).self().id());

    assertThat(store.queues()).isEmpty();
  }

  @Test
  void eachAcquireAndEachReleaseIsOneQuorumWriteAndNothingElseIsAny() {
    long before = store.revision();
    Entry own = enqueue(a).self();
    assertThat(store.revision()).isEqualTo(before + 1);

    now(b.heartbeat());
    now(client("reader").read(QUEUE, Detail.PAYLOADS));
    b.awaitDeparture(own, 0).cancel();
    assertThat(store.revision()).isEqualTo(before + 1);

    now(a.remove(own));
    now(a.remove(own));
    assertThat(store.revision()).isEqualTo(before + 2);
  }

  @Test
  void tokensOfOneNameGrowStrictlyWhoeverTakesTurns() {
    List<Long> tokens = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      StoreSession turn = i % 3 == 0 ? a : b;
      Entry own = enqueue(turn).self();
      tokens.add(own.revision().getAsLong());
      now(turn.remove(own));
    }

    assertThat(tokens).doesNotHaveDuplicates().isSorted();
  }
}
