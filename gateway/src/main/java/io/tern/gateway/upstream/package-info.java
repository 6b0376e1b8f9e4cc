/** gRPC channels to the services, and calls on them as reactive streams. */
@NullMarked
package io.tern.gateway.upstream;

import org.jspecify.annotations.NullMarked;
