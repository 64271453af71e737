package io.tenure.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The settings of a jetcd client of our own, and how it is made of them. */
final class OwnClient {
  /** etcd hangs up on a client that pings more often than every 5 s. */
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  /** How long jetcd waits before it repeats a request of its own with a new token. */
  private static final long RETRY_MILLIS = 20;

  private final List<URI> endpoints;
  private final boolean tls;
  private String namespace = "";
  private Consumer<ClientBuilder> custom = builder -> {};
  private Optional<User> user = Optional.empty();
  private Optional<Path> trusted = Optional.empty();
  private Optional<Identity> identity = Optional.empty();

  private record User(ByteSequence name, ByteSequence password) {}

  private record Identity(Path certificates, Path key) {
    Stream<Path> files() {
      return Stream.of(certificates, key);
    }
  }

  OwnClient(List<String> endpoints) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("at least one endpoint is needed, but there is none");
    }
    this.endpoints = endpoints.stream().map(OwnClient::uri).toList();
    if (this.endpoints.stream().map(URI::getScheme).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "endpoints all begin with http or all with https, but these are " + endpoints);
    }
    this.tls = this.endpoints.get(0).getScheme().equals("https");
  }

  private static URI uri(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (known && uri.getHost() != null && uri.getPort() >= 0) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(malformed(endpoint), e);
    }
    throw new IllegalArgumentException(malformed(endpoint));
  }

  private static String malformed(String endpoint) {
    return "an endpoint is http://host:port or https://host:port, but this is '" + endpoint + "'";
  }

  void namespace(String prefix) {
    namespace = prefix;
  }

  void custom(Consumer<ClientBuilder> settings) {
    custom = settings;
  }

  void user(String name, char[] password) {
    if (name.isEmpty() || password.length == 0) {
      throw new IllegalArgumentException("a user has a name and a password, neither of them empty");
    }
    ByteString secret = ByteString.copyFrom(UTF_8.encode(CharBuffer.wrap(password)));
    user = Optional.of(new User(ByteSequence.from(name, UTF_8), ByteSequence.from(secret)));
  }

  void trust(Path certificates) {
    trusted = Optional.of(requireNonNull(certificates, "certificates"));
    requireTls("trusted certificates are");
  }

  void identity(Path certificates, Path key) {
    identity =
        Optional.of(
            new Identity(requireNonNull(certificates, "certificates"), requireNonNull(key, "key")));
    requireTls("a client certificate is");
  }

  private void requireTls(String what) {
    if (!tls) {
      throw new IllegalArgumentException(
          what + " for endpoints that begin with https, but these are " + endpoints);
    }
  }

  /** Reads the files and sets everything but the time limits. */
  ClientBuilder settings() {
    ClientBuilder builder = Client.builder();
    custom.accept(builder);
    builder
        .endpoints(endpoints)
        // Our requests fail at once when nobody is there, instead of waiting in the client.
        .waitForReady(false)
        .keepaliveTime(PING_EVERY)
        .keepaliveTimeout(PING_TIMEOUT)
        // It hangs up on one that pings between requests, too.
        .keepaliveWithoutCalls(false)
        .retryDelay(RETRY_MILLIS)
        .retryMaxDelay(2 * RETRY_MILLIS);
    if (!namespace.isEmpty()) {
      builder.namespace(ByteSequence.from(namespace, UTF_8));
    }
    user.ifPresent(is -> builder.user(is.name()).password(is.password()));
    if (tls && (builder.sslContext() == null || trusted.isPresent() || identity.isPresent())) {
      secure(builder);
    }
    return builder;
  }

  private void secure(ClientBuilder builder) {
    try {
      builder.sslContext(this::certificates);
    } catch (SSLException | IllegalArgumentException e) {
      String files =
          Stream.concat(trusted.stream(), identity.stream().flatMap(Identity::files))
              .map(Path::toString)
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "TLS cannot be set up with [" + files + "]: " + e.getMessage(), e);
    }
  }

  private void certificates(SslContextBuilder context) {
    trusted.ifPresent(file -> context.trustManager(file.toFile()));
    identity.ifPresent(is -> context.keyManager(is.certificates().toFile(), is.key().toFile()));
  }

  /** Makes a client. Connects nowhere yet. */
  static Client open(ClientBuilder settings, Duration timeout) {
    ClientInterceptor limit = new TimeLimit(timeout);
    return settings
        .copy()
        .connectTimeout(timeout)
        .interceptors(with(settings.interceptors(), limit, Tap.INSTANCE))
        .authInterceptors(with(settings.authInterceptors(), limit))
        .build();
  }

  /** A list of its own, since copies of jetcd's settings share theirs. */
  private static List<ClientInterceptor> with(
      @Nullable List<ClientInterceptor> present, ClientInterceptor... more) {
    List<ClientInterceptor> all = new ArrayList<>(present == null ? List.of() : present);
    all.addAll(List.of(more));
    return all;
  }

  /**
   * Limits the calls that jetcd makes by itself, since it would wait for their answers for ever.
   */
  private record TimeLimit(Duration timeout) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      boolean unlimited = method.getType() == MethodType.UNARY && options.getDeadline() == null;
      return next.newCall(
          method,
          unlimited ? options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS) : options);
    }
  }
}
