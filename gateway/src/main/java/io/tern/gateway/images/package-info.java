/** {@code /v1/images/generations}: pictures, whole or as a stream of events. */
@NullMarked
package io.tern.gateway.images;

import org.jspecify.annotations.NullMarked;
