package io.tenure.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecwid.consul.transport.TransportException;
import io.tenure.consul.Codes.Request;
import io.tenure.spi.StoreException;
import io.tenure.spi.StoreException.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.NoHttpResponseException;
import org.apache.http.conn.ConnectTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CodesTest {
  @ParameterizedTest
  @CsvSource({
    "301, Moved Permanently, REFUSED, REFUSED",
    "400, Bad request, REFUSED, REFUSED",
    "403, Permission denied, REFUSED, REFUSED",
    "403, ACL not found, REFUSED, REFUSED",
    "409, Permission denied, REFUSED, REFUSED",
    "500, rpc error making call: Permission denied, REFUSED, REFUSED",
    "413, too large, REFUSED, REFUSED",
    "429, slow down, NOT_DONE, NOT_DONE",
    "503, rate limit exceeded for operation, NOT_DONE, NOT_DONE",
    "503, upstream connect error or disconnect, NOT_DONE, UNKNOWN",
    "408, Request Timeout, NOT_DONE, UNKNOWN",
    "500, No cluster leader, NOT_DONE, NOT_DONE",
    "500, rpc error making call: No cluster leader, NOT_DONE, NOT_DONE",
    "500, Invalid Session TTL '5000000000', REFUSED, REFUSED",
    "500, leadership lost while committing log, NOT_DONE, UNKNOWN",
    "500, rpc error making call: EOF, NOT_DONE, UNKNOWN",
    "502, Bad Gateway, NOT_DONE, UNKNOWN"
  })
  void anAnswerTellsWhatBecameOfTheRequest(int status, String body, Outcome read, Outcome write) {
    Reply reply = new Reply(status, body, OptionalLong.empty());

    assertThat(Codes.refused(Request.READ, "read it", reply).outcome()).isEqualTo(read);
    assertThat(Codes.refused(Request.WRITE, "write it", reply).outcome()).isEqualTo(write);
    assertThat(Codes.refused(Request.READ, "read it", reply))
        .hasMessageContaining("cannot read it")
        .hasMessageContaining(Integer.toString(status));
  }

  static Stream<Arguments> failures() throws Exception {
    return Stream.of(
        Arguments.of(new ConnectException("refused"), Outcome.NOT_DONE, Outcome.NOT_DONE),
        Arguments.of(new ConnectTimeoutException("late"), Outcome.NOT_DONE, Outcome.NOT_DONE),
        Arguments.of(new NoRouteToHostException("no"), Outcome.NOT_DONE, Outcome.NOT_DONE),
        Arguments.of(new UnknownHostException("who"), Outcome.NOT_DONE, Outcome.NOT_DONE),
        Arguments.of(new SocketTimeoutException("silent"), Outcome.NOT_DONE, Outcome.UNKNOWN),
        Arguments.of(new SocketException("reset"), Outcome.NOT_DONE, Outcome.UNKNOWN),
        Arguments.of(new NoHttpResponseException("gone"), Outcome.NOT_DONE, Outcome.UNKNOWN),
        Arguments.of(new SSLHandshakeException("ended"), Outcome.NOT_DONE, Outcome.NOT_DONE),
        Arguments.of(
            new SSLHandshakeException("who?").initCause(new CertificateException("who?")),
            Outcome.REFUSED,
            Outcome.REFUSED),
        Arguments.of(new SSLPeerUnverifiedException("who?"), Outcome.REFUSED, Outcome.REFUSED));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theLackOfAnAnswerTellsIt(Throwable error, Outcome read, Outcome write) {
    Throwable reported =
        error instanceof IOException io
            ? new CompletionException(new TransportException(io))
            : error;

    assertThat(Codes.lost(Request.READ, "read it", reported).outcome()).isEqualTo(read);
    assertThat(Codes.lost(Request.WRITE, "write it", reported).outcome()).isEqualTo(write);
    assertThat(Codes.lost(Request.WRITE, "write it", reported)).hasCause(error);
  }

  @Test
  void whatWasExplainedStaysAsItIs() {
    StoreException known = new StoreException(Outcome.SESSION_GONE, "over");
    assertThat(Codes.lost(Request.WRITE, "write it", new CompletionException(known)))
        .isSameAs(known);
  }

  @Test
  void aLongAnswerIsShownInPart() {
    assertThat(new Reply(500, "a\n  b " + "x".repeat(1_000), OptionalLong.empty()).toString())
        .startsWith("500 a b xxx")
        .hasSizeLessThan(250);
  }
}
