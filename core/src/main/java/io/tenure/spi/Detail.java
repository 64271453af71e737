package io.tenure.spi;

/** How much of each entry a view shows. */
public enum Detail {
  /** Identity and order. */
  NAMES,
  /** Also payload and revision, which costs some stores a second flight. */
  PAYLOADS
}
