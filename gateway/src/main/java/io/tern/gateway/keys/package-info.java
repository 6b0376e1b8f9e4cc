/**
 * Who may call, and how much: keys with limits. Start with {@link io.tern.gateway.keys.Keyring}; {@link
 * io.tern.gateway.keys.KeyFilter} and {@link io.tern.gateway.keys.KeyInterceptor} ask it for HTTP and gRPC.
 */
@NullMarked
package io.tern.gateway.keys;

import org.jspecify.annotations.NullMarked;
