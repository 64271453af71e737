/** The claims of calls to a gRPC server. */
@NullMarked
package io.tenure.grpc;

import org.jspecify.annotations.NullMarked;
