/**
 * Conversations to prompts. {@link io.tern.text.chat.ChatTemplate} is the door; behind it stands an interpreter for the
 * part of the Jinja language that chat templates use, set up as the Hugging Face libraries set theirs up ({@code
 * trim_blocks}, {@code lstrip_blocks}): {@code Lexer}, {@code Parser} and {@code Renderer}, in this order. Statements:
 * for, if, set. It has no access to anything but its variables and is bounded in steps and output.
 */
@NullMarked
package io.tern.text.chat;

import org.jspecify.annotations.NullMarked;
