package io.tenure.consul;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.http.impl.client.HttpClientBuilder;

/**
 * What a user has chosen.
 *
 * @param token asked for each request; an empty one is not sent
 * @param tls empty for the JVM's own trust
 * @param http changes what is left to the user of an HTTP client
 * @param shortestTtl the servers' session_ttl_min
 * @param longestWait how long the servers hold a query back that has nothing new to tell
 */
record Settings(
    URI address,
    String root,
    Supplier<String> token,
    Optional<SSLContext> tls,
    Optional<String> datacenter,
    Optional<String> namespace,
    Optional<String> sessionNode,
    Consumer<HttpClientBuilder> http,
    Duration shortestTtl,
    Duration longestWait) {

  /** The record's own text would name what the token comes from. */
  @Override
  public String toString() {
    return address + " " + root;
  }
}
