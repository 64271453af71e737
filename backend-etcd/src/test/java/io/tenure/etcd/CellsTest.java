package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.Expected;
import io.tenure.Versioned;
import io.tenure.spi.Entry;
import io.tenure.spi.Mutation;
import io.tenure.spi.QueueName;
import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.spi.StoreSession;
import io.tenure.spi.WriteOutcome;
import io.tenure.spi.WriteOutcome.Applied;
import io.tenure.spi.WriteOutcome.HolderGone;
import io.tenure.spi.WriteOutcome.Mismatch;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CellsTest extends StoreTest {
  private final String key = "test/cell/" + UUID.randomUUID();

  private String key() {
    return key + UUID.randomUUID();
  }

  private static Mutation put(String key, Expected expected, String next) {
    return new Mutation(key, expected, Optional.of(next.getBytes(UTF_8)), false);
  }

  private static long version(WriteOutcome outcome) {
    return ((Applied) outcome).versions().get(0).orElseThrow();
  }

  @Test
  void aVersionIsTheRevisionOfTheLastWriteAndNeverComesBack() throws Exception {
    StoreConnection backend = connect();
    String k = key();
    long first = version(Await.get(backend.write(List.of(create(k, "one", false)))));
    assertThat(first).isEqualTo(etcd.revision());
    Await.get(
        backend.write(List.of(new Mutation(k, Expected.version(first), Optional.empty(), false))));
    assertThat(Await.get(backend.get(k))).isEmpty();
    long second = version(Await.get(backend.write(List.of(create(k, "one", false)))));

    assertThat(second).isGreaterThan(first);
    assertThat(Await.get(backend.write(List.of(put(k, Expected.version(first), "two")))))
        .isEqualTo(new Mismatch(0, Optional.of(new Versioned("one".getBytes(UTF_8), second))));
  }

  @Test
  void noExpectationOfSomethingMatchesAnEmptyCell() throws Exception {
    StoreConnection backend = connect();
    String k = key();
    for (Expected expected :
        List.of(
            Expected.version(0),
            Expected.version(-1),
            Expected.version(Long.MAX_VALUE),
            Expected.value(new byte[0]))) {
      assertThat(Await.get(backend.write(List.of(put(k, expected, "v")))))
          .isEqualTo(new Mismatch(0, Optional.empty()));
    }
    assertThat(Await.get(backend.get(k))).isEmpty();
  }

  @Test
  void asManyCellsAsThePromisedNumberAreWrittenAtOnceUnderAGuard() throws Exception {
    StoreSession session = session();
    Entry guard = Await.get(session.enqueue(queue(), entry())).self();
    int most = EtcdBackend.connect(server.url()).traits().maxWritesAtOnce();
    List<String> keys = IntStream.range(0, most).mapToObj(i -> key()).toList();
    long before = etcd.revision();
    WriteOutcome outcome =
        Await.get(
            session.write(
                Optional.of(guard), keys.stream().map(k -> create(k, "v", true)).toList()));
    assertThat(((Applied) outcome).versions()).hasSize(most).allMatch(v -> v.isPresent());
    assertThat(etcd.revision()).isEqualTo(before + 1);
    assertThat(
            Await.get(
                session.write(
                    Optional.of(guard), keys.stream().map(k -> create(k, "v", true)).toList())))
        .isInstanceOf(Mismatch.class);

    List<Mutation> tooMany =
        IntStream.rangeClosed(0, most).mapToObj(i -> create(key(), "v", false)).toList();
    assertThat(Await.outcome(session.write(Optional.empty(), tooMany))).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aGuardThatIsGoneIsToldBeforeAnyMismatch() throws Exception {
    StoreSession session = session();
    QueueName queue = queue();
    Entry guard = Await.get(session.enqueue(queue, entry())).self();
    Await.get(session.remove(guard));
    String k = key();
    Await.get(connect().write(List.of(create(k, "there", false))));
    assertThat(Await.get(session.write(Optional.of(guard), List.of(create(k, "v", false)))))
        .isEqualTo(new HolderGone());
  }

  @Test
  void aMismatchNamesTheFirstCellThatIsNotAsExpectedAndNothingIsWritten() throws Exception {
    StoreConnection backend = connect();
    String there = key();
    String empty = key();
    long version = version(Await.get(backend.write(List.of(create(there, "v", false)))));
    assertThat(
            Await.get(
                backend.write(List.of(create(empty, "new", false), create(there, "again", false)))))
        .isEqualTo(new Mismatch(1, Optional.of(new Versioned("v".getBytes(UTF_8), version))));
    assertThat(Await.get(backend.get(empty))).isEmpty();
  }

  @Test
  void aCellKeepsTheLifeThatItWasCreatedWith() throws Exception {
    StoreSession session = session();
    String bound = key();
    String free = key();
    Await.get(
        session.write(
            Optional.empty(), List.of(create(bound, "1", true), create(free, "1", false))));
    StoreConnection other = connect();
    Await.get(other.write(List.of(put(bound, Expected.value("1".getBytes(UTF_8)), "2"))));
    Await.get(
        session.write(
            Optional.empty(),
            List.of(
                new Mutation(
                    free,
                    Expected.value("1".getBytes(UTF_8)),
                    Optional.of("2".getBytes(UTF_8)),
                    true))));
    Await.get(session.close());
    assertThat(Await.get(other.get(bound))).isEmpty();
    assertThat(Await.get(other.get(free))).map(Versioned::text).contains("2");
  }

  @Test
  void anEphemeralCellTakesASession() throws Exception {
    assertThat(Await.outcome(connect().write(List.of(create(key(), "v", true)))))
        .isEqualTo(Outcome.REFUSED);
  }
}
