/** Server-sent events with backpressure, heartbeats and a typed end. */
@NullMarked
package io.tern.gateway.stream;

import org.jspecify.annotations.NullMarked;
