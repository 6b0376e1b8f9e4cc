/**
 * The detection service: gRPC and jobs around the engine. Start reading at {@link
 * io.tern.detection.service.DetectionConfiguration}; {@code ResolvedRequest} is what happens in a request.
 */
@NullMarked
package io.tern.detection.service;

import org.jspecify.annotations.NullMarked;
