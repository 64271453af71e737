package io.tenure.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What happened, in order, with the moment of each: hand it over as a listener. Thread-safe.
 *
 * @param <T> what is recorded
 */
public final class Recorder<T> implements Consumer<T> {
  private final CopyOnWriteArrayList<Moment<T>> moments = new CopyOnWriteArrayList<>();

  /** Creates an empty recorder. */
  public Recorder() {}

  /**
   * Something that happened.
   *
   * @param nanos when, by {@link System#nanoTime()}
   * @param what what it was
   * @param <T> its type
   */
  public record Moment<T>(long nanos, T what) {}

  @Override
  public void accept(T what) {
    moments.add(new Moment<>(System.nanoTime(), what));
  }

  /**
   * Returns all that was recorded so far.
   *
   * @return a copy, in order
   */
  public List<T> all() {
    return moments.stream().map(Moment::what).toList();
  }

  /**
   * Returns what was recorded of one kind.
   *
   * @param kind the kind
   * @param <K> its type
   * @return in order
   */
  public <K extends T> List<K> all(Class<K> kind) {
    return all().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /**
   * Waits, within {@link Eventually#BOUND}, until something of a kind was recorded.
   *
   * @param kind the kind
   * @param <K> its type
   * @return the first one
   */
  public <K extends T> K await(Class<K> kind) {
    return kind.cast(await(kind.getSimpleName(), kind::isInstance).what());
  }

  /**
   * Waits, within {@link Eventually#BOUND}, until something was recorded.
   *
   * @param name what is missed, for the message
   * @param wanted recognises it
   * @return the first one, with its moment
   */
  public Moment<T> await(String name, Predicate<? super T> wanted) {
    Eventually.eventually(() -> assertThat(all()).as("waiting for %s", name).anyMatch(wanted));
    return moments.stream().filter(moment -> wanted.test(moment.what())).findFirst().orElseThrow();
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
