/**
 * Text from a language model by speculative decoding: draft a few tokens, run the target model once over all of them,
 * keep those that it agrees with and one of its own (Leviathan et al. 2023). Start with {@link
 * io.tern.decoding.Decoder}; {@code SpeculativeLoop} is the algorithm.
 */
@NullMarked
package io.tern.decoding;

import org.jspecify.annotations.NullMarked;
