/**
 * The Open Inference Protocol's JSON, with or without binary tensors behind it, and {@code inference}'s messages. Start at
 * {@link io.tern.wire.inference.InferJson}. Tensors of a request are read where they stand and never become a tree: a
 * picture's numbers would take many times their size.
 */
@NullMarked
package io.tern.wire.inference;

import org.jspecify.annotations.NullMarked;
