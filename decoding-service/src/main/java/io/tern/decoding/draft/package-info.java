/**
 * Guesses at the next tokens that cost less than the target model. {@link io.tern.decoding.draft.Drafter} is the seam;
 * {@link io.tern.decoding.draft.NgramDrafter} looks them up in what was said before (prompt lookup: Saxena 2023; Yang et
 * al. 2023). A drafter never changes a text, only how many forwards it takes.
 */
@NullMarked
package io.tern.decoding.draft;

import org.jspecify.annotations.NullMarked;
