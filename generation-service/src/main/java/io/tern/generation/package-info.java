/**
 * Pictures from text by diffusion: plain Java around one folder of ONNX graphs.
 *
 * <p>Start with {@link io.tern.generation.ImageGenerator}: a {@link io.tern.generation.GenerationRequest} goes in,
 * {@link io.tern.generation.GenerationEvent}s come out. The field's parts are packages of their own: {@code schedule}
 * (levels of noise), {@code score} (what networks predict, guidance), {@code sampler}, {@code noise}, {@code latent}
 * (how pictures lie in the space that is sampled), and {@code pipeline}, a model as its folder describes it. Graphs run in
 * {@code graph} alone. {@code service} alone knows Spring and gRPC.
 */
@NullMarked
package io.tern.generation;

import org.jspecify.annotations.NullMarked;
