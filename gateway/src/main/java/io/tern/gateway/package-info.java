/**
 * The one door: REST, server-sent events, the console, and native gRPC passed through byte by byte. It holds no model and
 * knows no service's code, only the contract. Start with {@link io.tern.gateway.GatewayConfiguration}, where all is put
 * together; each package is one route family or one concern.
 */
@NullMarked
package io.tern.gateway;

import org.jspecify.annotations.NullMarked;
