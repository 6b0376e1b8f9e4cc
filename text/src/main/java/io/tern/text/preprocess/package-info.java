/**
 * What happens to a text before a tokenizer's model reads it: it is normalised ({@link
 * io.tern.text.preprocess.Normalizers}) and cut into pieces over whose borders no token reaches ({@link
 * io.tern.text.preprocess.PreTokenizer}), as tokenizer.json says it or by the names that GGUF files have for it.
 */
@NullMarked
package io.tern.text.preprocess;

import org.jspecify.annotations.NullMarked;
