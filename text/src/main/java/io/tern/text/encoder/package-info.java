/**
 * The tokenizers of text encoders, which read a text in a frame of ids of their own: WordPiece (Schuster and Nakajima 2012;
 * Devlin et al. 2019) and CLIP's byte pairs (Radford et al. 2021). Start with {@link io.tern.text.encoder.FramedTokenizer}.
 */
@NullMarked
package io.tern.text.encoder;

import org.jspecify.annotations.NullMarked;
