package io.tenure.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import io.tenure.zookeeper.Codes.Request;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CodesTest {
  private static Outcome outcome(Request request, Code code) {
    return Codes.explain(request, "do it", KeeperException.create(code)).outcome();
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"CONNECTIONLOSS", "OPERATIONTIMEOUT", "REQUESTTIMEOUT", "SESSIONMOVED"})
  void aWriteWhoseAnswerWasLostIsUnknownAndAReadIsNotDone(Code code) {
    assertThat(outcome(Request.ENTRY, code)).isEqualTo(Outcome.UNKNOWN);
    assertThat(outcome(Request.CELL, code)).isEqualTo(Outcome.UNKNOWN);
    assertThat(outcome(Request.READ, code)).isEqualTo(Outcome.NOT_DONE);
    assertThat(outcome(Request.LOOK, code)).isEqualTo(Outcome.NOT_DONE);
  }

  @ParameterizedTest
  @CsvSource({"LOOK,NOT_DONE", "READ,SESSION_GONE", "ENTRY,SESSION_GONE", "CELL,UNKNOWN"})
  void anExpiredSessionEndsWhatBelongsToIt(Request request, Outcome expected) {
    assertThat(outcome(request, Code.SESSIONEXPIRED)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"NOAUTH", "AUTHFAILED", "INVALIDACL", "BADARGUMENTS", "QUOTAEXCEEDED", "NOTEMPTY"})
  void whatWillBeRefusedAgainIsRefused(Code code) {
    for (Request request : Request.values()) {
      assertThat(outcome(request, code)).isEqualTo(Outcome.REFUSED);
    }
  }

  @Test
  void anyOtherFailureOfAWriteIsUnknown() {
    assertThat(outcome(Request.ENTRY, Code.SYSTEMERROR)).isEqualTo(Outcome.UNKNOWN);
    assertThat(Codes.explain(Request.ENTRY, "do it", new TimeoutException()).outcome())
        .isEqualTo(Outcome.UNKNOWN);
    assertThat(Codes.explain(Request.CELL, "do it", new IllegalStateException("x")).outcome())
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void whatWasExplainedOnceStaysAsItIs() {
    StoreException known = new StoreException(Outcome.REFUSED, "no");

    assertThat(Codes.explain(Request.ENTRY, "do it", new CompletionException(known)))
        .isSameAs(known);
  }

  @Test
  void theMessageSaysWhatFailedAndHow() {
    assertThat(
            Codes.explain(
                Request.ENTRY,
                "enqueue w.1",
                new CompletionException(KeeperException.create(Code.NOAUTH))))
        .hasMessage("cannot enqueue w.1: ZooKeeper says NOAUTH");
  }
}
