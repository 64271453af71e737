package io.tenure.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.tenure.etcd.Codes.Effect;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CodesTest {
  private static Outcome outcome(Effect effect, Status status) {
    return Codes.explain(effect, "do it", status.asRuntimeException()).outcome();
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL", "UNKNOWN", "ABORTED"})
  void aLostAnswerLeavesAWriteUnknownAndAReadNotDone(Code code) {
    assertThat(outcome(Effect.WRITE, code.toStatus())).isEqualTo(Outcome.UNKNOWN);
    assertThat(outcome(Effect.READ, code.toStatus())).isEqualTo(Outcome.NOT_DONE);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, etcdserver: requested lease not found, SESSION_GONE",
    "PERMISSION_DENIED, etcdserver: permission denied, REFUSED",
    "INVALID_ARGUMENT, etcdserver: request is too large, REFUSED",
    "INVALID_ARGUMENT, etcdserver: user name is empty, REFUSED",
    "INVALID_ARGUMENT, etcdserver: revision of auth store is old, NOT_DONE",
    "UNAUTHENTICATED, etcdserver: invalid auth token, NOT_DONE",
    "OUT_OF_RANGE, etcdserver: too large lease TTL, REFUSED",
    "UNIMPLEMENTED, unknown service, REFUSED",
    "FAILED_PRECONDITION, etcdserver: lease already exists, NOT_DONE",
    "RESOURCE_EXHAUSTED, etcdserver: mvcc: database space exceeded, NOT_DONE",
    "RESOURCE_EXHAUSTED, gRPC message exceeds maximum size, UNKNOWN",
    "UNAVAILABLE, 'etcdserver: request timed out, possibly due to previous leader failure', UNKNOWN"
  })
  void theServersWordDecidesWhatAWriteWas(Code code, String says, Outcome outcome) {
    assertThat(outcome(Effect.WRITE, code.toStatus().withDescription(says))).isEqualTo(outcome);
  }

  @Test
  void aTokenThatCannotBeHadIsNotDoneIfNobodyWasThereAndRefusedOtherwise() {
    Status without = Status.UNAUTHENTICATED;
    assertThat(outcome(Effect.WRITE, without.withCause(Status.UNAVAILABLE.asException())))
        .isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(Effect.WRITE, without.withCause(Status.INVALID_ARGUMENT.asException())))
        .isEqualTo(Outcome.REFUSED);
    assertThat(outcome(Effect.WRITE, without)).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aServerThatSaysWhyItCannotIsThere() {
    String[] words = {
      "etcdserver: no leader",
      "etcdserver: request timed out, possibly due to previous leader failure"
    };
    for (String says : words) {
      assertThat(Codes.isUnavailable(Status.UNAVAILABLE.withDescription(says).asRuntimeException()))
          .isFalse();
    }
    assertThat(
            Codes.isUnavailable(Status.UNAVAILABLE.withDescription("io exception").asException()))
        .isTrue();
    assertThat(Codes.isUnavailable(Status.UNAVAILABLE.asException())).isTrue();
  }

  @Test
  void aTimeoutIsALostAnswer() {
    Throwable timeout = new CompletionException(new TimeoutException());
    assertThat(Codes.explain(Effect.WRITE, "do it", timeout).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(Codes.explain(Effect.READ, "do it", timeout).outcome()).isEqualTo(Outcome.NOT_DONE);
  }

  @Test
  void whatIsExplainedStaysAsItIs() {
    StoreException known = new StoreException(Outcome.REFUSED, "because");
    assertThat(Codes.explain(Effect.READ, "do it", new CompletionException(known))).isSameAs(known);
    assertThat(Codes.isTokenRefused(known)).isFalse();
    assertThat(Codes.isUnavailable(known)).isFalse();
  }

  @Test
  void theMessageSaysWhatFailedAndWhatEtcdSaid() {
    StoreException e =
        Codes.explain(
            Effect.READ, "read q", Status.PERMISSION_DENIED.withDescription("no").asException());
    assertThat(e).hasMessage("cannot read q: PERMISSION_DENIED, 'no'");
    assertThat(e.getCause()).isNotNull();
  }

  @Test
  void aWatchThatIsNotPermittedIsRefusedAndAnyOtherEndIsADisruption() {
    assertThat(Codes.watchEnded("watch", "etcdserver: permission denied").outcome())
        .isEqualTo(Outcome.REFUSED);
    assertThat(Codes.watchEnded("watch", "compacted").outcome()).isEqualTo(Outcome.NOT_DONE);
  }
}
