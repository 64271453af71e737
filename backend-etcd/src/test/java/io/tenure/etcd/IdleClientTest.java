package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdleClientTest {
  /**
   * etcd answers pings between requests with GOAWAY too_many_pings, and gRPC then doubles its pause
   * each time, so that a member that hangs is noticed later and later.
   */
  @Test
  void aClientThatAsksNothingSendsNoPings() {
    assertThat(new OwnClient(List.of("http://127.0.0.1:2379")).settings().keepaliveWithoutCalls())
        .isFalse();
  }
}
