package io.tenure.spi;

import io.tenure.Expected;
import java.util.Optional;

/**
 * One cell's part of an atomic write.
 *
 * @param key the cell's path, escaped like a {@link QueueName}
 * @param expected what the cell must hold
 * @param next the new value; empty deletes the cell
 * @param ephemeral if this creates the cell: true to have it vanish together with the session that
 *     writes it. A cell that exists keeps the life it was created with, whatever this says
 */
public record Mutation(String key, Expected expected, Optional<byte[]> next, boolean ephemeral) {}
