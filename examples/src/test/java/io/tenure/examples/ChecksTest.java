package io.tenure.examples;

import static io.tenure.examples.Report.What.APPENDED;
import static io.tenure.examples.Report.What.ELECTED;
import static io.tenure.examples.Report.What.EXITED;
import static io.tenure.examples.Report.What.FAILED;
import static io.tenure.examples.Report.What.FROZEN;
import static io.tenure.examples.Report.What.HOLDING;
import static io.tenure.examples.Report.What.KILLED;
import static io.tenure.examples.Report.What.LANDED;
import static io.tenure.examples.Report.What.LOST;
import static io.tenure.examples.Report.What.REFUSED;
import static io.tenure.examples.Report.What.STANDBY;
import static io.tenure.examples.Report.What.STARTED;
import static io.tenure.examples.Report.What.THAWED;
import static io.tenure.examples.Report.What.TOLD_TO_STOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.FencingToken;
import io.tenure.examples.Ledger.Entry;
import io.tenure.examples.Ledger.Row;
import io.tenure.examples.Report.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each check, on a drill that went well but for the one thing that it is there for. */
final class ChecksTest {
  private static final Duration TTL = Duration.ofSeconds(4);

  private final List<Moment> moments = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  /** A leads and is killed, B leads and is frozen, C leads and is stopped, A leads again. */
  ChecksTest() {
    at(0, "A", STARTED, 0, "1");
    at(0, "B", STARTED, 0, "2");
    at(0, "C", STARTED, 0, "3");
    at(1, "A", ELECTED, 10, "");
    write(1, "A", 10);
    at(2, "A", KILLED, 0, "");
    at(2, "A", EXITED, 0, "137");
    at(6, "B", ELECTED, 11, "");
    write(6, "B", 11);
    at(7, "A", STARTED, 0, "4");
    at(7, "B", HOLDING, 11, "");
    at(7, "B", FROZEN, 0, "");
    at(11, "C", ELECTED, 12, "");
    write(11, "C", 12);
    at(12, "B", THAWED, 0, "");
    at(12, "B", REFUSED, 11, "stale");
    at(12, "B", LOST, 11, "EXPIRED");
    at(13, "B", STANDBY, 14, "3");
    at(14, "C", TOLD_TO_STOP, 0, "");
    at(14, "A", ELECTED, 13, "");
    at(14, "C", EXITED, 0, "0");
    write(15, "A", 13);
    at(16, "B", EXITED, 0, "0");
    at(16, "A", EXITED, 0, "0");
  }

  @Test
  void aDrillThatWentWellPassesAllOfThem() {
    assertThat(checks()).hasSize(11).allMatch(Check::passed);
  }

  @Test
  void anEmptyDrillPassesAlmostNone() {
    moments.clear();
    rows.clear();
    // Nobody wrote what he should not, and nobody who started did not end well.
    assertThat(checks().stream().filter(Check::passed)).hasSize(2);
  }

  @Test
  void aKillThatDidNotKillFails() {
    change("A", EXITED, new Report(EXITED, 0, "0"));
    assertThat(failed()).contains("A led with token 10 and was killed");
  }

  @Test
  void aKillOfAStandbyIsNoKill() {
    remove("A", KILLED);
    moments.add(indexOf("A", EXITED), new Moment(seconds(2), "C", Report.of(KILLED)));
    assertThat(failed()).contains("a leader was killed and another one took over");
  }

  @Test
  void aFreezeThatIsShorterThanTheTtlFails() {
    Moment thawed = moments.remove(indexOf("B", THAWED));
    moments.add(indexOf("C", ELECTED) + 2, new Moment(seconds(7) + 1, "B", thawed.report()));
    assertThat(failed()).contains("B led with token 11 and was frozen");
  }

  @Test
  void aFrozenLeaderThatDoesNotNoticeItsLossFails() {
    remove("B", LOST);
    assertThat(failed()).contains("noticed by itself");
  }

  @Test
  void aLeaderThatFailsBackFails() {
    moments.add(indexOf("B", STANDBY) + 1, new Moment(seconds(13), "B", elected(13)));
    assertThat(failed()).contains("nobody failed back");
  }

  @Test
  void aStopThatTakesAsLongAsACrashFails() {
    change("C", TOLD_TO_STOP, Report.of(TOLD_TO_STOP), 11);
    assertThat(failed()).contains("C led with token 12 and was told to stop");
  }

  @Test
  void aLeaderWithTheSameTokenFails() {
    change("B", ELECTED, elected(10));
    assertThat(failed()).contains("each of 4 leaders had a greater token");
  }

  @Test
  void aReportedFailureFails() {
    at(17, "A", FAILED, 13, "the database is gone");
    assertThat(failed()).contains("A failed 13 the database is gone");
  }

  @Test
  void aLateWriteThatLandedFailsTwice() {
    change("B", REFUSED, new Report(LANDED, 11, "99"));
    rows.add(indexOfToken(13), new Row(99, new Entry("B", FencingToken.of(11), 1, "held back")));
    assertThat(failed())
        .contains("the late write of B under token 11 was let in as row 99")
        .contains("the ledger's tokens go back: row 99 of B with token 11 stands after token 12");
  }

  @Test
  void aRowOfSomebodyWhoWasNeverElectedFails() {
    rows.add(new Row(100, new Entry("B", FencingToken.of(13), 1, "")));
    assertThat(failed()).contains("row 100 of B with token 13 was written by somebody");
  }

  @Test
  void anAcknowledgedWriteThatIsMissingFails() {
    rows.remove(0);
    assertThat(failed()).contains("of 4 acknowledged writes, 1 are missing");
  }

  private List<Check> checks() {
    List<Check> checks = new ArrayList<>(new TurnChecks(moments, TTL).all());
    checks.addAll(new LedgerChecks(moments, rows).all());
    return checks;
  }

  private String failed() {
    return String.join(
        "\n", checks().stream().filter(check -> !check.passed()).map(Check::sentence).toList());
  }

  private void at(long second, String replica, What what, long token, String detail) {
    moments.add(new Moment(seconds(second), replica, new Report(what, token, detail)));
  }

  private void write(long second, String replica, long token) {
    long id = rows.size() + 1;
    rows.add(new Row(id, new Entry(replica, FencingToken.of(token), 1, "in time")));
    at(second, replica, APPENDED, token, Long.toString(id));
  }

  private void change(String replica, What what, Report report) {
    change(replica, what, report, 0);
  }

  private void change(String replica, What what, Report report, long second) {
    int index = indexOf(replica, what);
    long atNanos = second == 0 ? moments.get(index).atNanos() : seconds(second);
    moments.set(index, new Moment(atNanos, replica, report));
  }

  private void remove(String replica, What what) {
    moments.remove(indexOf(replica, what));
  }

  private int indexOf(String replica, What what) {
    for (int i = 0; i < moments.size(); i++) {
      if (moments.get(i).is(what) && moments.get(i).replica().equals(replica)) {
        return i;
      }
    }
    throw new AssertionError("no " + what + " of " + replica);
  }

  private int indexOfToken(long token) {
    return (int) rows.stream().takeWhile(row -> row.entry().token().value() != token).count();
  }

  private static Report elected(long token) {
    return Report.of(ELECTED, FencingToken.of(token));
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
