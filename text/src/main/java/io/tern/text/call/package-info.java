/**
 * How families of models write calls of tools, and how such calls are found in an answer while it is written. Start with
 * {@link io.tern.text.call.CallFormat}; {@link io.tern.text.call.CallReader} reads a stream.
 */
@NullMarked
package io.tern.text.call;

import org.jspecify.annotations.NullMarked;
