package io.tenure;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what happened to a client and hands it to the user's event listener, in order. */
final class Events {
  private static final Logger log = LoggerFactory.getLogger("io.tenure");

  private final Dispatcher.Serial serial;
  private final Consumer<CoordinationEvent> listener;

  Events(Dispatcher dispatcher, Consumer<CoordinationEvent> listener) {
    this.serial = dispatcher.serial(this, "onEvent");
    this.listener = listener;
    // The event listener's own failure is only logged: reporting it to itself would not end.
    dispatcher.onFailure(
        (where, cause) -> {
          if (!where.equals("onEvent")) {
            emit(new CoordinationEvent.CallbackFailed(where, cause));
          }
        });
  }

  void emit(CoordinationEvent event) {
    log(event);
    serial.execute(() -> listener.accept(event));
  }

  void retrying(String what, long pauseNanos, Throwable cause) {
    emit(new CoordinationEvent.Retrying(what, Duration.ofNanos(pauseNanos), cause));
  }

  private static void log(CoordinationEvent event) {
    if (event instanceof CoordinationEvent.Retrying retrying) {
      log.warn(
          "{}: again in {} after {}",
          retrying.what(),
          Texts.duration(retrying.pause()),
          retrying.cause().toString());
    } else if (event instanceof CoordinationEvent.RenewalFailed failed) {
      log.warn(
          "session {}: renewal failed, {} left: {}",
          failed.session(),
          Texts.duration(failed.remaining()),
          failed.cause().toString());
    } else if (event instanceof CoordinationEvent.TaskFailed failed) {
      log.error("task '{}' (token {}) threw", failed.name(), failed.token(), failed.cause());
    } else if (event instanceof CoordinationEvent.SessionLost lost
        && lost.reason() == LossReason.STORE_REGRESSED) {
      log.error(
          "session {} and all its leases are lost: {}",
          lost.session(),
          lost.cause().map(Throwable::getMessage).orElse("the store went back in time"));
    } else if (isTrouble(event)) {
      log.warn("{}", event);
    } else {
      log.debug("{}", event);
    }
  }

  /** What ends because this process closed its client is no news to it. */
  private static boolean isTrouble(CoordinationEvent event) {
    if (event instanceof CoordinationEvent.Lost lost) {
      return lost.reason() != LossReason.CLIENT_CLOSED;
    }
    if (event instanceof CoordinationEvent.SessionLost lost) {
      return lost.reason() != LossReason.CLIENT_CLOSED;
    }
    return event instanceof CoordinationEvent.PlaceLost
        || event instanceof CoordinationEvent.DrainTimedOut;
  }
}
