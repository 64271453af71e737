package io.tenure;

import static java.util.Objects.requireNonNull;

import io.tenure.spi.QueueName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** An election as its observers see it. */
final class QueueElection implements LeaderElection {
  private final Context context;
  private final QueueName queue;
  private final String name;

  QueueElection(Context context, String name) {
    this.context = context;
    this.queue = context.names.election(name);
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Candidate> leader() throws InterruptedException {
    return context.await(context.observing.first(queue));
  }

  @Override
  public CompletableFuture<Optional<Candidate>> leaderAsync() {
    CompletableFuture<Optional<Candidate>> users = new CompletableFuture<>();
    context.deliver("LeaderElection.leaderAsync", context.observing.first(queue), users);
    return users;
  }

  @Override
  public List<Candidate> queue() throws InterruptedException {
    return context.await(context.observing.all(queue));
  }

  @Override
  public CompletableFuture<List<Candidate>> queueAsync() {
    CompletableFuture<List<Candidate>> users = new CompletableFuture<>();
    context.deliver("LeaderElection.queueAsync", context.observing.all(queue), users);
    return users;
  }

  @Override
  public Subscription observe(Consumer<Optional<Candidate>> observer) {
    return begin(candidates -> candidates.stream().findFirst(), observer);
  }

  @Override
  public Subscription observeQueue(Consumer<List<Candidate>> observer) {
    return begin(Function.identity(), observer);
  }

  private <T> Subscription begin(Function<List<Candidate>, T> aspect, Consumer<T> observer) {
    Observation<T> observation =
        new Observation<>(context, queue, name, aspect, requireNonNull(observer, "observer"));
    if (context.open.isClosed()) {
      throw Failures.closed("election '" + name + "'");
    }
    context.lane.execute(observation::begin);
    return observation;
  }

  @Override
  public String toString() {
    return "LeaderElection[" + name + "]";
  }
}
