package io.tern.wire.text;

/**
 * What stands at the head of each OpenAI object of one answer.
 *
 * @param id as {@code chatcmpl-...}, the same in all chunks
 * @param createdSeconds since 1970
 */
public record AnswerHead(String id, long createdSeconds) {}
