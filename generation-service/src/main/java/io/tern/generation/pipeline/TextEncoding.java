package io.tern.generation.pipeline;

import io.tern.tensor.FloatTensor;
import org.jspecify.annotations.Nullable;

/**
 * What one encoder makes of texts.
 *
 * @param states a vector for each token: [texts, tokens, width]
 * @param pooled one vector for each text: [texts, width]; null where the encoder gives none
 */
record TextEncoding(FloatTensor states, @Nullable FloatTensor pooled) {}
