/**
 * etcd as a store, reached through jetcd.
 *
 * <p>{@link io.tenure.etcd.EtcdBackend} is all that a user sees. jetcd finds the servers, keeps the
 * connection, and brings TLS and tokens; every request goes out on that connection through the
 * protocol's own stubs, since it must have a deadline, be sent once, and be paired with its answer.
 */
@NullMarked
package io.tenure.etcd;

import org.jspecify.annotations.NullMarked;
