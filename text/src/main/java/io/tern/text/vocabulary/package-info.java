/**
 * What all tokenizers are read from and made of: tokenizer.json, the tokens that are cut out of a text before anything else
 * happens to it, the characters that stand for bytes, and classes of characters.
 */
@NullMarked
package io.tern.text.vocabulary;

import org.jspecify.annotations.NullMarked;
