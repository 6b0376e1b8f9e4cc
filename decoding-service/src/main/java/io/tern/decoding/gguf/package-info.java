/**
 * Reads GGUF files, the format of llama.cpp: metadata and quantised tensors, mapped into memory. Nothing in a file is
 * believed: counts, lengths and offsets are checked against its size before anything is allocated. Start at {@link
 * io.tern.decoding.gguf.GgufFile}; the format is described in ggml's {@code docs/gguf.md}.
 */
@NullMarked
package io.tern.decoding.gguf;

import org.jspecify.annotations.NullMarked;
