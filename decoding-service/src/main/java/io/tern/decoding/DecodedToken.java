package io.tern.decoding;

import io.tern.decoding.sampling.Logprobs;
import org.jspecify.annotations.Nullable;

/**
 * A token of the output or, for an echo, of the prompt.
 *
 * @param drafted whether it was drafted and accepted, rather than chosen by the target model itself
 * @param logprobs null if not asked for, and for a prompt's first token
 */
public record DecodedToken(
        int id, boolean drafted, @Nullable Logprobs logprobs) {}
