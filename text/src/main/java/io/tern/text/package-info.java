/**
 * Text to token ids and back. Start with {@link io.tern.text.Tokenizer}; {@link io.tern.text.BytePairTokenizer} is the
 * one of language models (byte-level BPE: Sennrich et al. 2016; Radford et al. 2019), {@link
 * io.tern.text.WordPieceTokenizer} that of text encoders (Schuster and Nakajima 2012; Devlin et al. 2019). {@link
 * io.tern.text.ChatTemplate} turns a conversation into a prompt in which no message can speak as another.
 */
@NullMarked
package io.tern.text;

import org.jspecify.annotations.NullMarked;
