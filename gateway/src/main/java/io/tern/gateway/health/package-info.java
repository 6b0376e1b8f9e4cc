/** Whether the services answer: asked again and again, told over HTTP and gRPC. */
@NullMarked
package io.tern.gateway.health;

import org.jspecify.annotations.NullMarked;
