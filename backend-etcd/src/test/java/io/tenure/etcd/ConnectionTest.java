package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a client that reaches nobody is replaced, on a clock that the test holds in its hands. */
class ConnectionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final AtomicLong now = new AtomicLong();
  private final List<Client> made = new ArrayList<>();

  private Client client() {
    // It connects when something is sent, which nothing is.
    Client client = Client.builder().endpoints("http://127.0.0.1:1").build();
    made.add(client);
    return client;
  }

  private Connection own() {
    return Connection.own(this::client, "tenure", TIMEOUT, now::get);
  }

  private void pass(long seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @AfterEach
  void close() {
    made.forEach(Client::close);
  }

  @Test
  void aClientThatReachesNobodyIsReplacedEveryFourSeconds() {
    try (Connection connection = own()) {
      connection.notReached();
      pass(3);
      connection.notReached();
      assertThat(made).hasSize(1);
      pass(1);
      connection.notReached();
      assertThat(made).hasSize(2);
      connection.notReached();
      pass(3);
      connection.notReached();
      assertThat(made).hasSize(2);
      pass(1);
      connection.notReached();
      assertThat(made).hasSize(3);
    }
  }

  @Test
  void anyAnswerShowsThatTheClientIsFine() {
    try (Connection connection = own()) {
      connection.notReached();
      pass(3);
      connection.reached();
      pass(3);
      connection.notReached();
      pass(3);
      connection.notReached();
      assertThat(made).hasSize(1);
    }
  }

  @Test
  void aClientThatIsNotOursIsNeverReplaced() {
    try (Connection connection = Connection.lent(client(), "tenure", TIMEOUT, now::get)) {
      connection.notReached();
      pass(60);
      connection.notReached();
      assertThat(made).hasSize(1);
    }
  }

  @Test
  void aClosedConnectionMakesNoMoreClients() {
    Connection connection = own();
    connection.notReached();
    connection.close();
    pass(60);
    connection.notReached();
    assertThat(made).hasSize(1);
  }
}
