/**
 * A model in the folder layout of diffusers' ONNX pipelines: what its network is told, how requests share its runs, and how
 * its noise is spread.
 *
 * <p>{@link io.tern.generation.pipeline.DiffusionPipeline#load} reads and checks the folder: model_index.json,
 * scheduler, tokenizer, text encoder, U-Net, VAE decoder. A folder that we could not run faithfully is refused with what
 * was found and what is expected; nothing in it is ignored in silence.
 */
@NullMarked
package io.tern.generation.pipeline;

import org.jspecify.annotations.NullMarked;
