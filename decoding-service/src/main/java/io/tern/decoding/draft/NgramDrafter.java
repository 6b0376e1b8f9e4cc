package io.tern.decoding.draft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Prompt lookup (Saxena 2023): finds the most recent place where the last tokens stood before, and drafts what followed
 * there. The last three tokens are tried first, then the last two. A copy that reaches the end of the text goes on with
 * what it has copied, so that a repetition is continued at any length (as in LZ77).
 *
 * <p>Example: after {@code the cat sat . the cat} the last three tokens ({@code . the cat}) are new, but the last two,
 * {@code the cat}, stood at the beginning; so {@code sat . the} is drafted.
 *
 * <p>The places are indexed as the text grows: each token is looked at once, and a draft takes constant time.
 */
public final class NgramDrafter implements Drafter {
    private static final int LONGEST = 3;
    private static final int SHORTEST = 2;
    /** A longer match is counted as one of so many tokens. */
    private static final int FARTHEST = 16;
    /** Three ids in one long. */
    private static final int ID_BITS = 21;

    /** By length, longest first. */
    private final List<Index> indexes = IntStream.iterate(LONGEST, length -> length >= SHORTEST, length -> length - 1)
            .mapToObj(Index::new)
            .toList();

    @Override
    public Draft draft(DraftContext context) {
        TokenSequence tokens = context.tokens();
        for (Index index : indexes) {
            int follower = index.followerOfEnd(tokens);
            if (follower >= 0) {
                return copy(tokens, follower, context.maxDepth()).matching(matched(tokens, follower));
            }
        }
        return Draft.NONE;
    }

    /** How many tokens before the place are the same as at the end, as far as that tells anything. */
    private static int matched(TokenSequence tokens, int follower) {
        int matched = 0;
        while (matched < Math.min(FARTHEST, follower)
                && tokens.get(follower - 1 - matched) == tokens.get(tokens.length() - 1 - matched)) {
            matched++;
        }
        return matched;
    }

    private static Draft copy(TokenSequence tokens, int from, int count) {
        int[] draft = new int[count];
        for (int i = 0; i < count; i++) {
            int source = from + i;
            draft[i] = source < tokens.length() ? tokens.get(source) : draft[source - tokens.length()];
        }
        return Draft.of(draft);
    }

    /** Where each n-gram stood last, by the place behind it; the n-gram at the very end is not in it yet. */
    private static final class Index {
        private final int length;
        private final Map<Long, Integer> followers = new HashMap<>();
        private int nextEnd;

        Index(int length) {
            this.length = length;
            this.nextEnd = length;
        }

        /** The place behind the most recent earlier occurrence of the last tokens, or -1. */
        int followerOfEnd(TokenSequence tokens) {
            for (; nextEnd < tokens.length(); nextEnd++) {
                followers.put(key(tokens, nextEnd), nextEnd);
            }
            return tokens.length() < length ? -1 : followers.getOrDefault(key(tokens, tokens.length()), -1);
        }

        private long key(TokenSequence tokens, int end) {
            long key = 0;
            for (int i = end - length; i < end; i++) {
                key = key << ID_BITS | tokens.get(i);
            }
            return key;
        }
    }
}
