/**
 * OpenAI's Responses: the newer door to a chat. {@link io.tern.wire.responses.ResponseRequest} reads one into the chat that it
 * is, and {@link io.tern.wire.responses.ResponseEvents} tells the chat's answer as its events and its object, so that both
 * doors have one meaning. Nothing is stored: a conversation comes whole with each request.
 */
@NullMarked
package io.tern.wire.responses;

import org.jspecify.annotations.NullMarked;
