package io.tenure.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;

/** Plain questions to a server's status address. */
final class Http {
  private static final int TIMEOUT_MILLIS = 1_000;

  private Http() {}

  record Answer(int code, String body) {}

  static Answer get(String url, Map<String, String> headers) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    // A kept connection would outlive the server and keep a thread.
    connection.setRequestProperty("Connection", "close");
    headers.forEach(connection::setRequestProperty);
    try {
      int code = connection.getResponseCode();
      InputStream in = code < 400 ? connection.getInputStream() : connection.getErrorStream();
      return new Answer(code, in == null ? "" : new String(in.readAllBytes(), UTF_8));
    } finally {
      connection.disconnect();
    }
  }

  static Answer get(String url) throws IOException {
    return get(url, Map.of());
  }
}
