package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** All that is done to keys and values: pieces, a tree whose kept path is not its first, a recalled beginning, company. */
final class CacheWalk {
    private static final int VOCABULARY = 80;

    private CacheWalk() {}

    /** Logits on the way. */
    static List<float[]> logits(OnnxLanguageModel model) {
        int[] text = new SplittableRandom(3).ints(60, 0, VOCABULARY).toArray();
        List<float[]> rows = new ArrayList<>();
        try (OnnxKvCache cache = model.openCache(60);
                OnnxKvCache mate = model.openCache(60)) {
            rows.add(run(model, cache, Arrays.copyOf(text, 20)));
            rows.add(run(model, cache, Arrays.copyOfRange(text, 20, 33)));
            model.remember(cache, "somebody", Arrays.copyOf(text, 33));

            TokenTree tree = TokenTree.of(new int[] {5, 6, 7, 8, 9}, new int[] {-1, 0, 0, 2, 3});
            rows.add(row(model.forward(cache, tree, 5, Cancellation.none()).logits(), 4));
            cache.keep(0, 2, 3, 4);
            rows.add(run(model, cache, 11, 12));

            int recalled = model.recall(mate, "somebody", text);
            rows.add(run(model, mate, Arrays.copyOfRange(text, recalled, 40)));

            TokenTree next = TokenTree.chain(3);
            int minimum = model.minimumRows();
            model.runTogether(List.of(cache.begin(next, 1, minimum), mate.begin(next, 1, minimum)));
            rows.add(row(cache.end(next, 1).logits(), 0));
            rows.add(row(mate.end(next, 1).logits(), 0));
        }
        return rows;
    }

    private static float[] run(OnnxLanguageModel model, OnnxKvCache cache, int... tokens) {
        float[] logits = row(model.forward(cache, tokens, 1, Cancellation.none()), 0);
        cache.commit(tokens.length);
        return logits;
    }

    private static float[] row(Logits logits, int row) {
        float[] values = new float[logits.vocabularySize()];
        logits.copyRow(row, values);
        return values;
    }
}
