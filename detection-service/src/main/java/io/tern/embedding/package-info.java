/**
 * Vectors that lie near each other where the meanings do. Start at {@link io.tern.embedding.SentenceEncoder}, which makes
 * one of a text as Reimers &amp; Gurevych 2019 (Sentence-BERT, section 3) do: the mean of a transformer's hidden states; or
 * at {@link io.tern.embedding.ImageEncoder}, whose network learnt by contrastive predictive coding (van den Oord et al.
 * 2018) what things in pictures look like, and {@link io.tern.embedding.NamedExamples}, which names them by it.
 */
@NullMarked
package io.tern.embedding;

import org.jspecify.annotations.NullMarked;
