/**
 * Noise that depends on nothing but (seed, picture, step, element): a picture has the same noise alone, in a batch, and
 * after a retry. {@link io.tern.generation.noise.PhiloxNoise} says exactly how, so that others can make it again.
 */
@NullMarked
package io.tern.generation.noise;

import org.jspecify.annotations.NullMarked;
