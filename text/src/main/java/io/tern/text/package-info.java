/**
 * Text to token ids and back. Start with {@link io.tern.text.Tokenizer}; {@link io.tern.text.PieceTokenizer} is the one of
 * language models (byte-level BPE: Sennrich et al. 2016, Radford et al. 2019; unigram: Kudo 2018), {@link
 * io.tern.text.WordPieceTokenizer} (Schuster and Nakajima 2012; Devlin et al. 2019) and {@link io.tern.text.ClipTokenizer}
 * (Radford et al. 2021) are those of text encoders. {@link io.tern.text.chat.ChatTemplate} turns a conversation into a prompt
 * in which no message can speak as another; {@link io.tern.text.call.CallFormat} finds calls of tools in an answer.
 */
@NullMarked
package io.tern.text;

import org.jspecify.annotations.NullMarked;
