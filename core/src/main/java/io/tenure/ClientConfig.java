package io.tenure;

import io.tenure.spi.Scheduler;
import io.tenure.spi.Ticker;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** A client's settings, checked by {@link ClientBuilder}. */
record ClientConfig(
    String candidate,
    byte[] payload,
    Names names,
    long ttlNanos,
    long safetyMarginNanos,
    long renewEveryNanos,
    long requestTimeoutNanos,
    Optional<Executor> executor,
    ThreadFactory threadFactory,
    LossPolicy lossPolicy,
    Consumer<CoordinationEvent> eventListener,
    Ticker ticker,
    Scheduler scheduler) {}
