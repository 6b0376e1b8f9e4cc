/**
 * What all formats of trained weights have in common; {@code gguf} and {@code safetensors} are the formats.
 */
@NullMarked
package io.tern.decoding.checkpoint;

import org.jspecify.annotations.NullMarked;
