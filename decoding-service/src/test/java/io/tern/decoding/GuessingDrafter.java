package io.tern.decoding;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Guesses trees of any form with little luck and checks what it is told: each token of the text once, in order, with the
 * hidden state that the fake model has behind it.
 */
final class GuessingDrafter implements Drafter {
    private final SplittableRandom random;
    private final int vocabularySize;
    private final List<float[]> told = new ArrayList<>();

    GuessingDrafter(long seed, int vocabularySize) {
        this.random = new SplittableRandom(seed);
        this.vocabularySize = vocabularySize;
    }

    List<float[]> told() {
        return told;
    }

    @Override
    public Draft draft(DraftContext context) {
        int nodes = random.nextInt(context.maxNodes() + 1);
        List<Integer> tokens = new ArrayList<>();
        List<Integer> parents = new ArrayList<>();
        List<Integer> depths = new ArrayList<>();
        for (int attempt = 0; attempt < nodes; attempt++) {
            int parent = context.tree() ? random.nextInt(-1, tokens.size()) : tokens.size() - 1;
            int depth = parent < 0 ? 0 : depths.get(parent) + 1;
            int token = random.nextInt(vocabularySize);
            boolean there = false;
            for (int node = 0; node < tokens.size(); node++) {
                there |= parents.get(node) == parent && tokens.get(node) == token;
            }
            if (depth < context.maxDepth() && !there) {
                tokens.add(token);
                parents.add(parent);
                depths.add(depth);
            }
        }
        return Draft.of(TokenTree.of(
                tokens.stream().mapToInt(Integer::intValue).toArray(),
                parents.stream().mapToInt(Integer::intValue).toArray()));
    }

    @Override
    public void settled(int first, HiddenStates states) {
        if (first != told.size()) {
            throw new IllegalStateException("told of token " + first + " after " + told.size());
        }
        for (int row = 0; row < states.rows(); row++) {
            float[] state = new float[states.width()];
            states.copyRow(row, state);
            told.add(state);
        }
    }
}
