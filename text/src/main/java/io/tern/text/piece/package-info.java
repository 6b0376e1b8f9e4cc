/**
 * The tokenizers of language models, which turn pieces of a text into tokens: byte-level BPE (Sennrich et al. 2016, Radford
 * et al. 2019), SentencePiece's BPE, and unigram (Kudo 2018). Start with {@link io.tern.text.piece.PieceTokenizer}; it is
 * read from a tokenizer.json, or made of the {@link io.tern.text.piece.PieceVocabulary} that a GGUF file lists.
 */
@NullMarked
package io.tern.text.piece;

import org.jspecify.annotations.NullMarked;
