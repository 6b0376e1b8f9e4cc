/**
 * The Open Inference Protocol over gRPC: the graphs of this process' models as their files have them, on the sessions,
 * workers and queue that detections and embeddings have. Start at {@link io.tern.inference.service.TensorRequests}.
 */
@NullMarked
package io.tern.inference.service;

import org.jspecify.annotations.NullMarked;
