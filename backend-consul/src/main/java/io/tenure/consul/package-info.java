/**
 * Consul as a store, reached through consul-api.
 *
 * <p>{@link io.tenure.consul.ConsulBackend} is all that a user sees. consul-api builds the requests
 * and reads the answers; it blocks, so requests run on a few threads of the backend, through HTTP
 * clients that the backend makes for itself.
 */
@NullMarked
package io.tenure.consul;

import org.jspecify.annotations.NullMarked;
