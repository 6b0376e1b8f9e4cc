package io.tern.decoding.draft;

import java.util.function.IntUnaryOperator;

/**
 * The tokens that a draft model has in common with its target.
 *
 * @param size ids below it are the same tokens; the draft model can read no others
 * @param places first so many of a row of its logits, or all, that tell of such tokens
 * @param tokenOfPlace the token of each of these places
 */
public record DraftVocabulary(int size, int places, IntUnaryOperator tokenOfPlace) {
    /** All tokens, in their order. */
    public static final DraftVocabulary WHOLE = common(Integer.MAX_VALUE);

    /** The first so many, where each of the two may have more. */
    public static DraftVocabulary common(int size) {
        return new DraftVocabulary(size, size, IntUnaryOperator.identity());
    }

    /**
     * Of a model that reads all tokens and tells of some.
     *
     * @param ids of these
     */
    public static DraftVocabulary some(int[] ids) {
        int[] tokens = ids.clone();
        return new DraftVocabulary(Integer.MAX_VALUE, tokens.length, place -> tokens[place]);
    }

    Candidates candidates(float[] logits) {
        return Candidates.of(logits, Math.min(places, logits.length), tokenOfPlace);
    }

    /** Whether all tokens from such a place on are among them. */
    boolean holds(TokenSequence tokens, int from) {
        for (int i = from; i < tokens.length(); i++) {
            if (tokens.get(i) >= size) {
                return false;
            }
        }
        return true;
    }
}
