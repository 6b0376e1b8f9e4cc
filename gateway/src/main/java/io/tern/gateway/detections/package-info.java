/** {@code /v1/detections}: JSON or a form with files in, boxes out. */
@NullMarked
package io.tern.gateway.detections;

import org.jspecify.annotations.NullMarked;
