/**
 * Text to token ids and back. Start with {@link io.tern.text.Tokenizer}, of which {@link io.tern.text.piece.PieceTokenizer}
 * is the one of language models; the tokenizers of text encoders are in {@link io.tern.text.encoder}. {@link
 * io.tern.text.chat.ChatTemplate} turns a conversation into a prompt in which no message can speak as another, as its {@link
 * io.tern.text.MarkedText} says who wrote what; {@link io.tern.text.call.CallFormat} finds calls of tools in an answer.
 */
@NullMarked
package io.tern.text;

import org.jspecify.annotations.NullMarked;
