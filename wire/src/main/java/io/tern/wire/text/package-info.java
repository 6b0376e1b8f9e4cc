/**
 * Texts: chats, completions and tokens, with their tools, forms and streams. Start with {@link
 * io.tern.wire.text.ChatJson}; a {@link io.tern.wire.text.TextRequest} is what both kinds of request come to, and {@link
 * io.tern.wire.text.TextChunks} write their streams.
 */
@NullMarked
package io.tern.wire.text;

import org.jspecify.annotations.NullMarked;
