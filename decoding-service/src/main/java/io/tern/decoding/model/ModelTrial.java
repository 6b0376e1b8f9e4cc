package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a fixed text through a model in different ways: a short window behind a prefix, and a prompt of 600 tokens. */
final class ModelTrial implements ExactnessProbe.Trial {
    private static final int[] PIECES = {100, 37};
    private static final int WINDOW = 32;
    private static final int PREFIX = 64;
    /** Longer than the block of keys that the attention takes at once where the L2 cache is 1 MiB: 512. */
    private static final int PROMPT = 600;
    /** Tokens behind the prompt that are run one by one. */
    private static final int SINGLES = 4;

    /** Sequences in one run, each beside the one that is looked at: with and without an idle slot. */
    private static final int[] COMPANIES = {2, 3, 8};
    /** Steps in company. */
    private static final int COMPANY_STEPS = 6;

    private final OnnxLanguageModel model;
    private final int prefix;
    private final int[] text;

    /** @throws IllegalArgumentException for a model whose context is too short to show anything */
    ModelTrial(OnnxLanguageModel model) {
        ModelInfo info = model.info();
        this.model = model;
        this.prefix = Math.min(PREFIX, info.contextLength() - WINDOW);
        if (prefix < 1) {
            throw new IllegalArgumentException(
                    "context: " + info.contextLength() + " (expected: more than " + WINDOW + ")");
        }
        this.text = text(Math.min(PROMPT, info.contextLength()), info.vocabularySize());
    }

    @Override
    public float[][] window(int step, int minimumRows) {
        OnnxLanguageModel padded = model.paddedTo(minimumRows);
        try (OnnxKvCache cache = padded.openCache(prefix + WINDOW)) {
            feed(padded, cache, prefix, prefix);
            return feed(padded, cache, prefix + WINDOW, step);
        }
    }

    /** The same logits, with all tokens in one run. */
    float[][] whole() {
        try (OnnxKvCache cache = model.openCache(prefix + WINDOW)) {
            return feed(model, cache, prefix + WINDOW, prefix + WINDOW);
        }
    }

    @Override
    public boolean piecesAgree(int minimumRows) {
        OnnxLanguageModel padded = model.paddedTo(minimumRows);
        try (OnnxKvCache whole = padded.openCache(text.length)) {
            feed(padded, whole, text.length - SINGLES, OnnxLanguageModel.MAX_STEP_TOKENS);
            float[][] reference = feed(padded, whole, text.length, SINGLES);
            return Arrays.stream(PIECES).allMatch(piece -> agrees(padded, piece, whole, reference));
        }
    }

    private boolean agrees(OnnxLanguageModel padded, int piece, OnnxKvCache whole, float[][] reference) {
        try (OnnxKvCache other = padded.openCache(text.length)) {
            feed(padded, other, text.length - SINGLES, piece);
            float[][] logits = feed(padded, other, text.length, 1);
            return Arrays.deepEquals(reference, logits) && whole.sameBits(other, text.length);
        }
    }

    @Override
    public boolean companyAgrees(int minimumRows) {
        OnnxLanguageModel padded = model.paddedTo(minimumRows);
        float[][] alone = Arrays.copyOf(window(WINDOW, minimumRows), COMPANY_STEPS);
        return Arrays.stream(COMPANIES)
                .filter(company -> company <= model.mostSteps())
                .allMatch(company -> Arrays.deepEquals(alone, inCompany(padded, company, minimumRows)));
    }

    /** What one run of so many tokens costs behind the prefix takes, logits of all of them included. */
    long nanos(int tokens) {
        try (OnnxKvCache cache = model.openCache(prefix + WINDOW)) {
            feed(model, cache, prefix, prefix);
            long begin = StepCosts.clock();
            int[] run = Arrays.copyOfRange(text, prefix, prefix + tokens);
            model.forward(cache, run, tokens, Cancellation.none());
            return StepCosts.clock() - begin;
        }
    }

    /** Logits of single steps behind the prefix, while others run other steps at other places of the text. */
    private float[][] inCompany(OnnxLanguageModel padded, int company, int minimumRows) {
        List<OnnxKvCache> caches = new ArrayList<>();
        try {
            for (int i = 0; i < company; i++) {
                OnnxKvCache cache = padded.openCache(prefix + WINDOW);
                caches.add(cache);
                feed(padded, cache, Math.max(1, prefix - i * prefix / company), prefix);
            }
            float[][] rows = new float[COMPANY_STEPS][padded.info().vocabularySize()];
            for (float[] row : rows) {
                List<TokenTree> trees = new ArrayList<>();
                for (int i = 0; i < company; i++) {
                    int from = caches.get(i).length();
                    trees.add(TokenTree.chain(Arrays.copyOfRange(text, from, from + 1 + i % 3)));
                }
                List<Forward> forwards = new ArrayList<>();
                for (int i = 0; i < company; i++) {
                    forwards.add(caches.get(i).begin(trees.get(i), 1, minimumRows));
                }
                padded.runTogether(forwards);
                caches.getFirst().end(trees.getFirst(), 1).logits().copyRow(0, row);
                for (int i = 0; i < company; i++) {
                    caches.get(i).end(trees.get(i), 1);
                    caches.get(i).commit(trees.get(i).size());
                }
            }
            return rows;
        } finally {
            caches.forEach(OnnxKvCache::close);
        }
    }

    /** Runs the text from the cache's length to {@code end} and returns the logits of its last tokens, a window at most. */
    private float[][] feed(OnnxLanguageModel padded, OnnxKvCache cache, int end, int step) {
        int first = Math.max(cache.length(), end - WINDOW);
        float[][] rows = new float[end - first][padded.info().vocabularySize()];
        while (cache.length() < end) {
            int from = cache.length();
            int to = Math.min(from + step, end);
            int wanted = Math.max(0, to - Math.max(from, first));
            Logits logits = padded.forward(cache, Arrays.copyOfRange(text, from, to), wanted, Cancellation.none());
            for (int row = 0; row < wanted; row++) {
                logits.copyRow(row, rows[to - wanted + row - first]);
            }
            cache.commit(to - from);
        }
        return rows;
    }

    /** Any text will do that does not repeat itself: x ← 5x + 3 modulo 2^16 visits each number once. */
    private static int[] text(int count, int vocabularySize) {
        int[] text = new int[count];
        int state = 1;
        for (int i = 0; i < count; i++) {
            state = (5 * state + 3) & 0xffff;
            text[i] = state % vocabularySize;
        }
        return text;
    }
}
