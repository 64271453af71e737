package io.tenure.testkit;

import io.tenure.spi.StoreConnection;
import io.tenure.spi.StoreSession;

/** What a client can ask of a store: the places at which {@link FaultyBackend} can do harm. */
public enum StoreCall {
  /** {@link StoreConnection#openSession()}. */
  OPEN_SESSION,
  /** {@link StoreSession#heartbeat()}. */
  HEARTBEAT,
  /** {@link StoreSession#enqueue}. */
  ENQUEUE,
  /** {@link StoreSession#remove}. */
  REMOVE,
  /** {@link StoreSession#withdraw}. */
  WITHDRAW,
  /** {@link StoreSession#update}. */
  UPDATE,
  /** {@link StoreConnection#read}. */
  READ,
  /** {@link StoreConnection#get}. */
  GET,
  /** {@link StoreConnection#write} and {@link StoreSession#write}. */
  WRITE,
  /** {@link StoreSession#close()}. */
  CLOSE_SESSION,
  /** {@link StoreSession#awaitDeparture}; its answer is the departure. */
  AWAIT_DEPARTURE,
  /** {@link StoreConnection#watch}; its answers are the views. */
  WATCH
}
