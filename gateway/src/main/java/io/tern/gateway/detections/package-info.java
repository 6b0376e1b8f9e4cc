/** {@code /v1/detections}: JSON or a form with files in, boxes out; {@code /v1/similar}: which examples a picture is like. */
@NullMarked
package io.tern.gateway.detections;

import org.jspecify.annotations.NullMarked;
