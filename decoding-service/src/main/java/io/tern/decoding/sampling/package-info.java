/**
 * From logits to one token. {@link io.tern.decoding.sampling.SamplingParameters} says how; {@link
 * io.tern.decoding.sampling.Sampler} does it: what may come at all ({@link
 * io.tern.decoding.sampling.Constraint}), bias and penalties ({@link io.tern.decoding.sampling.LogitsFilter}), then
 * temperature, min-p (Nguyen et al. 2024), top-k (Fan et al. 2018) and top-p (Holtzman et al. 2020), then a draw by a
 * random number that depends on nothing but the seed and the place in the output.
 */
@NullMarked
package io.tern.decoding.sampling;

import org.jspecify.annotations.NullMarked;
