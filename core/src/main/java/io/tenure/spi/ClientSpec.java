package io.tenure.spi;

import java.time.Duration;

/**
 * What a client asks for when its connection to the store is made.
 *
 * @param candidate the client's identity, for the store's own logs and session names
 * @param ttl the time to live that the client asks for; the store may round or negotiate it
 * @param renewEvery the longest pause between two heartbeats that the client means to make
 * @param safetyMargin what the client takes off every proved validity, besides 0.5 % for drift
 * @param requestTimeout after which the client treats an unanswered request as unknown
 */
public record ClientSpec(
    String candidate,
    Duration ttl,
    Duration renewEvery,
    Duration safetyMargin,
    Duration requestTimeout) {}
