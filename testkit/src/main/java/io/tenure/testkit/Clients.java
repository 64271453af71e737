package io.tenure.testkit;

import io.tenure.ClientBuilder;
import io.tenure.CoordinationClient;
import io.tenure.CoordinationEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Makes the clients of one test, each with faults, a cable and a recorder, and closes them all. */
public final class Clients implements AutoCloseable {
  private final BackendFixture fixture;
  private final String namespace;
  private final List<Member> members = new CopyOnWriteArrayList<>();

  /**
   * Creates an empty company.
   *
   * @param fixture the store
   * @param namespace where all of them work
   */
  public Clients(BackendFixture fixture, String namespace) {
    this.fixture = fixture;
    this.namespace = namespace;
  }

  /**
   * Makes a client with the store's default time to live, which no test waits out.
   *
   * @param candidate its id
   * @return the client
   */
  public Member join(String candidate) {
    return join(candidate, settings -> {});
  }

  /**
   * Makes a client with the store's default time to live and settings of its own.
   *
   * @param candidate its id
   * @param settings changes what it likes
   * @return the client
   */
  public Member join(String candidate, Consumer<ClientBuilder> settings) {
    Link link = fixture.newLink();
    FaultyBackend faults = FaultyBackend.around(link.backend());
    Recorder<CoordinationEvent> events = new Recorder<>();
    ClientBuilder builder =
        CoordinationClient.builder(faults)
            .namespace(namespace)
            .candidate(candidate)
            .onEvent(events);
    settings.accept(builder);
    Member member = new Member(builder.build(), faults, link, events);
    members.add(member);
    return member;
  }

  /**
   * Makes a client with the store's default time to live that looks after its session often, so
   * that it soon hears of what others do to it.
   *
   * @param candidate its id
   * @return the client
   */
  public Member joinAttentive(String candidate) {
    return join(candidate, settings -> settings.renewEvery(fixture.renewEvery()));
  }

  /**
   * Makes a client with the fixture's short time to live, for a test that waits it out.
   *
   * @param candidate its id
   * @return the client
   */
  public Member joinShortLived(String candidate) {
    return joinShortLived(candidate, settings -> {});
  }

  /**
   * Makes a client with the fixture's short time to live and settings of its own.
   *
   * @param candidate its id
   * @param settings changes what it likes
   * @return the client
   */
  public Member joinShortLived(String candidate, Consumer<ClientBuilder> settings) {
    return join(
        candidate,
        builder -> {
          builder
              .leaseTtl(fixture.ttl())
              .renewEvery(fixture.renewEvery())
              .safetyMargin(fixture.safetyMargin());
          settings.accept(builder);
        });
  }

  /** Mends what is broken and closes every client, all at once. Idempotent. */
  @Override
  public void close() {
    List<Caller<Member>> closing =
        members.stream().map(member -> Caller.start(() -> close(member))).toList();
    members.clear();
    closing.forEach(caller -> Eventually.answer(caller.result()));
  }

  private static Member close(Member member) {
    member.close();
    return member;
  }
}
