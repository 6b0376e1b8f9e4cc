/**
 * Vectors that lie near each other where the meanings do. Start at {@link io.tern.embedding.SentenceEncoder}, which makes
 * one of a text as Reimers &amp; Gurevych 2019 (Sentence-BERT, section 3) do: the mean of a transformer's hidden states.
 */
@NullMarked
package io.tern.embedding;

import org.jspecify.annotations.NullMarked;
