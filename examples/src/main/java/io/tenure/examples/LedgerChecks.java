package io.tenure.examples;

import io.tenure.examples.Ledger.Entry;
import io.tenure.examples.Ledger.Row;
import io.tenure.examples.Report.What;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must be true of the ledger after a drill, whatever was done to the replicas. */
final class LedgerChecks {
  private final List<Moment> moments;
  private final List<Row> rows;

  LedgerChecks(List<Moment> moments, List<Row> rows) {
    this.moments = moments;
    this.rows = rows;
  }

  List<Check> all() {
    return List.of(lateWrite(), tokensInOrder(), holdersOnly(), nothingMissing());
  }

  private Check lateWrite() {
    Optional<Moment> held = moments.stream().filter(m -> m.is(What.HOLDING)).findFirst();
    Optional<Moment> landed = sentLate(held, What.LANDED);
    return new Check(
        sentLate(held, What.REFUSED).isPresent() && landed.isEmpty(),
        landed
            .map(
                moment ->
                    "the late write of "
                        + moment.replica()
                        + " under token "
                        + moment.token()
                        + " was let in as row "
                        + moment.report().detail()
                        + ", although another leader had written before")
            .orElse("the guard refused the write that the frozen leader sent when it woke up"));
  }

  private Optional<Moment> sentLate(Optional<Moment> held, What outcome) {
    return moments.stream()
        .dropWhile(moment -> !moment.is(What.THAWED))
        .filter(moment -> moment.is(outcome))
        .filter(moment -> held.isPresent() && moment.token() == held.get().token())
        .findFirst();
  }

  private Check tokensInOrder() {
    long newest = 0;
    for (Row row : rows) {
      if (row.entry().token().value() < newest) {
        return new Check(
            false, "the ledger's tokens go back: " + tell(row) + " stands after token " + newest);
      }
      newest = row.entry().token().value();
    }
    return new Check(
        !rows.isEmpty(), "the tokens of the ledger's " + rows.size() + " rows never go back");
  }

  private Check holdersOnly() {
    Set<String> turns =
        moments.stream()
            .filter(moment -> moment.is(What.ELECTED))
            .map(moment -> moment.replica() + " " + moment.token())
            .collect(Collectors.toSet());
    Optional<Row> strange =
        rows.stream()
            .filter(row -> !turns.contains(row.entry().replica() + " " + row.entry().token()))
            .findFirst();
    return new Check(
        strange.isEmpty(),
        strange
            .map(row -> tell(row) + " was written by somebody who was never elected with it")
            .orElse("each row was written by the replica that was elected with its token"));
  }

  /** A write without an answer may be in the ledger or not; one with an answer must be. */
  private Check nothingMissing() {
    Set<String> written =
        rows.stream()
            .map(row -> id(row.entry().replica(), row.entry().token().value(), row.id()))
            .collect(Collectors.toSet());
    List<String> acknowledged =
        moments.stream()
            .filter(moment -> moment.is(What.APPENDED) || moment.is(What.LANDED))
            .map(moment -> id(moment.replica(), moment.token(), moment.report().detail()))
            .toList();
    long missing = acknowledged.stream().filter(write -> !written.contains(write)).count();
    return new Check(
        missing == 0 && !acknowledged.isEmpty(),
        "of "
            + acknowledged.size()
            + " acknowledged writes, "
            + missing
            + " are missing from the ledger");
  }

  private static String id(String replica, long token, Object row) {
    return replica + " " + token + " " + row;
  }

  private static String tell(Row row) {
    Entry entry = row.entry();
    return "row " + row.id() + " of " + entry.replica() + " with token " + entry.token();
  }
}
