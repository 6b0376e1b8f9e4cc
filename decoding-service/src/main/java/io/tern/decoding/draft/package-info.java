/**
 * Guesses at the next tokens that cost less than the target model. {@link io.tern.decoding.draft.Drafter} is the seam, and
 * {@link io.tern.decoding.draft.Drafters} says which ones a model has: tokens looked up in what was said before ({@link
 * io.tern.decoding.draft.NgramDrafter}: Saxena 2023; {@link io.tern.decoding.draft.RetrievalDrafter}: He et al. 2024), a
 * smaller model ({@link io.tern.decoding.draft.DraftModelDrafter}), heads ({@code io.tern.decoding.head}), and the choice
 * of the best ({@code AutoDrafter}). A drafter never changes a text, only how many forwards it takes.
 */
@NullMarked
package io.tern.decoding.draft;

import org.jspecify.annotations.NullMarked;
