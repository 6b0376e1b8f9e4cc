package io.tern.decoding.model;

import io.tern.base.Cancellation;
import java.util.Arrays;

/** Runs a fixed text through a model in different ways: a short window behind a prefix, and a prompt of 600 tokens. */
final class ModelTrial implements ExactnessProbe.Trial {
    private static final int[] PIECES = {100, 37};
    private static final int WINDOW = 32;
    private static final int PREFIX = 64;
    /** Longer than the block of keys that the attention takes at once where the L2 cache is 1 MiB: 512. */
    private static final int PROMPT = 600;
    /** Tokens behind the prompt that are run one by one. */
    private static final int SINGLES = 4;

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
