package io.tenure.examples;

import io.tenure.Lease;
import io.tenure.examples.Ledger.Entry;
import io.tenure.examples.Report.What;
import io.tenure.fencing.StaleTokenException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Writes to the ledger for one replica: again and again while it leads, once when it should not.
 *
 * <p>Whoever holds a write back has the pen until it is sent. So a replica that is frozen meanwhile
 * has no transaction open in which the others would have to wait for it.
 */
final class LedgerWriter {
  private static final long PAUSE_MILLIS = 100;

  private final String replica;
  private final Ledger ledger;
  private final Consumer<Report> reports;
  private final ReentrantLock pen = new ReentrantLock();
  private final AtomicLong seq = new AtomicLong();
  private Optional<Entry> held = Optional.empty();

  LedgerWriter(String replica, Ledger ledger, Consumer<Report> reports) {
    this.replica = replica;
    this.ledger = ledger;
    this.reports = reports;
  }

  /** The singleton task: appends while the lease is held. */
  void writeWhileHeld(Lease lease) throws InterruptedException, SQLException {
    boolean admitted = true;
    while (admitted && lease.isHeld()) {
      pen.lockInterruptibly();
      try {
        admitted = append(prepare(lease, "in time"), What.APPENDED);
      } finally {
        pen.unlock();
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /**
   * Prepares a write under the present lease and keeps it, as a slow machine might between its look
   * at the lease and the write.
   *
   * @param leading the lease, if this replica leads; it was held a moment ago
   */
  void hold(Optional<Lease> leading) {
    pen.lock();
    held = leading.filter(Lease::isHeld).map(lease -> prepare(lease, "held back"));
    if (held.isPresent()) {
      reports.accept(Report.of(What.HOLDING, held.get().token()));
    } else {
      pen.unlock();
      reports.accept(Report.of(What.NOT_LEADING));
    }
  }

  /** Sends what is held back, without asking again whether the lease is. */
  void send() throws SQLException {
    Entry entry = held.orElseThrow(() -> new IllegalStateException("no write is held back"));
    held = Optional.empty();
    try {
      append(entry, What.LANDED);
    } finally {
      pen.unlock();
    }
  }

  private Entry prepare(Lease lease, String note) {
    return new Entry(replica, lease.token(), seq.incrementAndGet(), note);
  }

  /** Returns false if the guard refused, which is final for this token. */
  private boolean append(Entry entry, What applied) throws SQLException {
    try {
      long id = ledger.append(entry);
      reports.accept(Report.of(applied, entry.token(), id));
      return true;
    } catch (StaleTokenException e) {
      reports.accept(Report.of(What.REFUSED, entry.token(), e.highWaterMark()));
      return false;
    }
  }
}
