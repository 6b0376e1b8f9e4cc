/** Native gRPC of the services, forwarded as bytes: start with {@link io.tern.gateway.passthrough.PassThroughCall}. */
@NullMarked
package io.tern.gateway.passthrough;

import org.jspecify.annotations.NullMarked;
