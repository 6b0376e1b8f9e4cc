package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.StepOutput;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A model of real logits without a network: a position's logits are a hash of its last two tokens, so that greedy text
 * soon repeats itself. It keeps its contract: stale logits, a full cache and wrong rows are errors.
 */
public final class FakeLanguageModel implements LanguageModel {
    /** Width of the hidden states. */
    static final int HIDDEN = 8;

    private final ModelInfo info;
    private final long seed;
    final AtomicInteger forwards = new AtomicInteger();
    final AtomicInteger openCaches = new AtomicInteger();
    volatile int longestForward;

    public FakeLanguageModel(int vocabularySize, int contextLength, List<Integer> endTokens, long seed) {
        this.info = new ModelInfo(
                "fake",
                vocabularySize,
                vocabularySize,
                HIDDEN,
                contextLength,
                endTokens,
                "fp32",
                "float32",
                "cpu",
                true,
                true,
                "0".repeat(64));
        this.seed = seed;
    }

    public int forwards() {
        return forwards.get();
    }

    public int openCaches() {
        return openCaches.get();
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public KvCache newCache(int capacityTokens) {
        openCaches.incrementAndGet();
        return new Cache(capacityTokens);
    }

    @Override
    public StepOutput forward(KvCache cache, TokenTree tokens, int rows, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        forwards.incrementAndGet();
        longestForward = Math.max(longestForward, tokens.size());
        Cache own = (Cache) cache;
        if (tokens.size() < 1
                || own.settled.size() + tokens.size() > own.capacity
                || rows < 0
                || rows > tokens.size()) {
            throw new IllegalArgumentException("forward of " + tokens.size() + " tokens, " + rows + " rows, behind "
                    + own.settled.size() + " of " + own.capacity);
        }
        own.pending = tokens;
        own.version++;
        return new StepOutput(own.logits(rows), own.hidden());
    }

    @Override
    public void close() {}

    /** A hash of the last two tokens, {@code size} numbers of it. */
    private float[] row(List<Integer> text, int size) {
        long state = seed;
        for (int token : text.subList(Math.max(0, text.size() - 2), text.size())) {
            state = state * 0x9e3779b97f4a7c15L + token + 1;
        }
        SplittableRandom random = new SplittableRandom(state);
        float[] row = new float[size];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (random.nextGaussian() * 2.5);
        }
        return row;
    }

    private final class Cache implements KvCache {
        private final int capacity;
        private final List<Integer> settled = new ArrayList<>();
        private TokenTree pending = TokenTree.chain();
        private int version;
        private boolean open = true;

        Cache(int capacity) {
            this.capacity = capacity;
        }

        Logits logits(int rows) {
            int made = version;
            float[][] values = new float[rows][];
            for (int i = 0; i < rows; i++) {
                values[i] = row(textOf(pending.size() - rows + i), info.vocabularySize());
            }
            return new FakeLogits(values, () -> made == version && open);
        }

        HiddenStates hidden() {
            int made = version;
            float[][] values = new float[pending.size()][];
            for (int node = 0; node < values.length; node++) {
                values[node] = row(textOf(node), HIDDEN);
            }
            return new FakeHiddenStates(values, () -> made == version && open);
        }

        /** The settled text and the path to a node. */
        private List<Integer> textOf(int node) {
            LinkedList<Integer> path = new LinkedList<>();
            for (int at = node; at != TokenTree.ROOT; at = pending.parent(at)) {
                path.addFirst(pending.token(at));
            }
            List<Integer> text = new ArrayList<>(settled);
            text.addAll(path);
            return text;
        }

        @Override
        public int length() {
            return settled.size();
        }

        @Override
        public int capacity() {
            return capacity;
        }

        @Override
        public void commit(int tokens) {
            if (tokens > pending.chainLength()) {
                throw new IllegalArgumentException("tokens: " + tokens + " of " + pending);
            }
            keep(IntStream.range(0, tokens).toArray());
        }

        @Override
        public void keep(int... path) {
            int parent = TokenTree.ROOT;
            for (int node : path) {
                if (pending.parent(node) != parent) {
                    throw new IllegalArgumentException("path: " + Arrays.toString(path) + " in " + pending);
                }
                settled.add(pending.token(node));
                parent = node;
            }
            pending = TokenTree.chain();
        }

        @Override
        public void truncate(int length) {
            settled.subList(length, settled.size()).clear();
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                openCaches.decrementAndGet();
            }
        }
    }
}
