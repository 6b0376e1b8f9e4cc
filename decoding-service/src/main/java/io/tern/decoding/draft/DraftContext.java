package io.tern.decoding.draft;

/**
 * What a drafter goes on from.
 *
 * @param tokens all that is settled; it only grows from one call to the next
 * @param maxDraft at most so many tokens are of use, at least 1
 */
public record DraftContext(TokenSequence tokens, int maxDraft) {}
