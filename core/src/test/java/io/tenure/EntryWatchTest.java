package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryWatchTest {
  private final Script script = new Script();
  private final ScriptedStore store = script.store;
  private final List<String> told = new ArrayList<>();
  private final List<StoreException> disruptions = new ArrayList<>();

  private EntryWatch begin() {
    return EntryWatch.begin(
        script.context.lane,
        script.session().store(),
        ScriptedStore.entry(1),
        7,
        () -> told.add("departed"),
        e -> {
          told.add("disrupted");
          disruptions.add(e);
        });
  }

  @Test
  void tellsADepartureInTheLane() {
    begin();
    ScriptedStore.Watch watch = store.watch(1);

    script.inLane(
        () -> {
          watch.departs();
          assertThat(told).isEmpty();
        });

    assertThat(told).containsExactly("departed");
  }

  @Test
  void tellsADisruptionAsTheStoreReportedIt() {
    begin();

    store.watch(1).breaks(Outcome.SESSION_GONE);

    assertThat(told).containsExactly("disrupted");
    assertThat(disruptions.get(0).outcome()).isEqualTo(Outcome.SESSION_GONE);
  }

  @Test
  void tellsNothingAfterItWasCancelledAndFreesTheStoresWatch() {
    EntryWatch cancelled = begin();
    ScriptedStore.Watch watch = store.watch(1);

    script.inLane(cancelled::cancel);
    assertThat(store.watched()).isEmpty();
    watch.departs();

    assertThat(told).isEmpty();
  }

  @Test
  void aWatchThatCannotBeBegunIsADisruption() {
    store.watchesThrow = true;

    EntryWatch watch = begin();

    assertThat(told).containsExactly("disrupted");
    assertThat(disruptions.get(0))
        .hasMessage("the watch of n/lock/a/w.00000000000000000000000000000001@1 was not begun")
        .hasRootCauseMessage("for this test");
    assertThat(disruptions.get(0).outcome()).isEqualTo(Outcome.NOT_DONE);
    script.inLane(watch::cancel);
    assertThat(told).hasSize(1);
  }
}
