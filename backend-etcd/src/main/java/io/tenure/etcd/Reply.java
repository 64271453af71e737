package io.tenure.etcd;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The answer to a call that has one. */
final class Reply<T> extends CompletableFuture<T> implements StreamObserver<T> {
  private @Nullable T answer;

  @Override
  public void onNext(T value) {
    answer = value;
  }

  @Override
  public void onError(Throwable error) {
    completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    T value = answer;
    if (value != null) {
      complete(value);
    } else {
      completeExceptionally(
          Status.INTERNAL.withDescription("a call ended without an answer").asRuntimeException());
    }
  }
}
