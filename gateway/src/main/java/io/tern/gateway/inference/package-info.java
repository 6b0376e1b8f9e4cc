/**
 * The Open Inference Protocol's door: what is asked of the server and of its models is answered here, tensors go to the
 * service whose graphs they are for. Start at {@link io.tern.gateway.inference.InferenceHandler}.
 */
@NullMarked
package io.tern.gateway.inference;

import org.jspecify.annotations.NullMarked;
