/** Tokenizer and chat template of a model, read from the metadata of its GGUF file. */
@NullMarked
package io.tern.decoding.tokenizer;

import org.jspecify.annotations.NullMarked;
