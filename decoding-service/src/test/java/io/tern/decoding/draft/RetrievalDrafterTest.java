package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetrievalDrafterTest {
    private final RetrievalStore store = new RetrievalStore();

    @Test
    void draftsWhatFollowedInAnotherText() {
        write(new int[] {1, 2}, 3, 4, 5, 6, 7, 8);
        assertThat(draft(3, false, 9, 3, 4, 5)).isEqualTo(Draft.of(6, 7, 8));
        assertThat(draft(3, false, 3, 4)).isEqualTo(Draft.NONE); // two tokens say too little
        assertThat(draft(3, false, 9, 1, 2, 3)).isEqualTo(Draft.NONE); // prompts are not kept
    }

    /** A draft is shown to whoever asked for it. */
    @Test
    void nothingOfAnotherTenantsTextsIsDrafted() {
        write(new int[] {1, 2}, 3, 4, 5, 6, 7, 8);
        assertThat(draft("another", 3, false, 9, 3, 4, 5)).isEqualTo(Draft.NONE);
        assertThat(draft(null, 3, false, 9, 3, 4, 5)).isEqualTo(Draft.NONE);
    }

    @Test
    void allDraftFromTheCorpusAndEachFromItsOwnTextsFirst() {
        TokenArchive corpus = new TokenArchive(64);
        for (int token : new int[] {3, 4, 5, 60, 61}) {
            corpus.add(token);
        }
        corpus.endText();
        RetrievalStore shared = new RetrievalStore(corpus);
        DraftContext context = DraftContext.chain(new TokenSequence(new int[] {9, 3, 4, 5}), 2);
        for (String tenant : new String[] {"one", "another"}) {
            Drafters.Text text = new Drafters.Text(64, tenant, Cancellation.none());
            assertThat(new RetrievalDrafter(shared, text).draft(context)).isEqualTo(Draft.of(60, 61));
        }
        shared.add("one", new TokenSequence(new int[] {3, 4, 5, 70, 71}), 0);
        Drafters.Text text = new Drafters.Text(64, "one", Cancellation.none());
        assertThat(new RetrievalDrafter(shared, text).draft(context)).isEqualTo(Draft.of(70, 71));
    }

    @Test
    void prefersTheLongestMatchAndThenTheMostFrequentContinuation() {
        write(new int[] {0}, 1, 2, 3, 10, 11);
        write(new int[] {0}, 1, 2, 3, 20, 21);
        write(new int[] {0}, 1, 2, 3, 20, 22);
        write(new int[] {0}, 9, 1, 2, 3, 30);
        assertThat(draft(2, false, 8, 1, 2, 3).tree().token(0)).isEqualTo(20);
        assertThat(draft(1, false, 9, 1, 2, 3)).isEqualTo(Draft.of(30));
        Draft tree = draft(5, true, 8, 1, 2, 3);
        assertThat(tree.tree().token(0)).isEqualTo(20);
        assertThat(tree.tree().child(TokenTree.ROOT, 10)).isPositive();
        assertThat(tree.tree().chainLength()).isEqualTo(2);
    }

    @Test
    void findsEveryPlaceWhileTheOlderHalfIsForgotten() {
        Random random = new Random(4);
        TokenArchive archive = new TokenArchive(64);
        int[] text = random.ints(500, 0, 4).toArray();
        for (int i = 0; i < text.length; i++) {
            archive.add(text[i]);
            assertThat(archive.length()).isLessThanOrEqualTo(64);
            if (i < 40) {
                continue;
            }
            int[] ending = Arrays.copyOfRange(text, i - 5, i + 1);
            int match = archive.continuations(ending, 3, new ContinuationTrie());
            // The ending itself stands at the end, where nothing follows yet, so that it is no match.
            int kept = Math.max(0, i + 1 - archive.length());
            assertThat(match).as("place %s", i).isEqualTo(longestMatch(text, kept, i, ending));
        }
    }

    private static int longestMatch(int[] text, int from, int last, int[] ending) {
        int longest = 0;
        for (int place = from + 2; place < last; place++) {
            int match = 0;
            while (match < ending.length
                    && place - match >= from
                    && text[place - match] == ending[ending.length - 1 - match]) {
                match++;
            }
            longest = match >= 3 ? Math.max(longest, match) : longest;
        }
        return longest;
    }

    private RetrievalDrafter open(@Nullable String tenant) {
        return new RetrievalDrafter(store, new Drafters.Text(64, tenant, Cancellation.none()));
    }

    private void write(int[] prompt, int... output) {
        try (RetrievalDrafter drafter = open("me")) {
            TokenSequence tokens = new TokenSequence(prompt);
            drafter.draft(DraftContext.chain(tokens, 1));
            for (int token : output) {
                tokens.add(token);
            }
        }
    }

    /** Without adding to the store: what was drafted for is not closed. */
    private Draft draft(int nodes, boolean tree, int... text) {
        return draft("me", nodes, tree, text);
    }

    private Draft draft(@Nullable String tenant, int nodes, boolean tree, int... text) {
        return open(tenant).draft(new DraftContext(new TokenSequence(text), nodes, nodes, tree, TokenChoice.LIKELIEST));
    }
}
