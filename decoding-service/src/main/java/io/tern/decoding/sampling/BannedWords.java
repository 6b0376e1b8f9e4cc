package io.tern.decoding.sampling;

import java.util.List;

/** The last token of a banned word does not come behind the others of it; what the prompt says does not count. Owned by one sequence. */
final class BannedWords implements Constraint {
    private final List<int[]> words;
    /** The end of the output, the newest token last; as long as a word can look back. */
    private final int[] recent;

    private int known;

    BannedWords(List<int[]> words) {
        this(words, new int[words.stream().mapToInt(word -> word.length).max().orElse(1) - 1], 0);
    }

    private BannedWords(List<int[]> words, int[] recent, int known) {
        this.words = words;
        this.recent = recent;
        this.known = known;
    }

    @Override
    public void apply(float[] logits) {
        for (int[] word : words) {
            if (isBegun(word)) {
                logits[word[word.length - 1]] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    private boolean isBegun(int[] word) {
        int before = word.length - 1;
        if (before > known) {
            return false;
        }
        for (int i = 0; i < before; i++) {
            if (recent[recent.length - before + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void accept(int token) {
        if (recent.length > 0) {
            System.arraycopy(recent, 1, recent, 0, recent.length - 1);
            recent[recent.length - 1] = token;
            known = Math.min(known + 1, recent.length);
        }
    }

    @Override
    public Constraint fork() {
        return new BannedWords(words, recent.clone(), known);
    }
}
