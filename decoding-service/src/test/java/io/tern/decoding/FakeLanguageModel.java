package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model of real logits without a network: a position's logits are a hash of its last two tokens, so that greedy text
 * soon repeats itself. It keeps its contract: stale logits, a full cache and wrong rows are errors.
 */
public final class FakeLanguageModel implements LanguageModel {
    private final ModelInfo info;
    private final long seed;
    final AtomicInteger forwards = new AtomicInteger();
    final AtomicInteger openCaches = new AtomicInteger();
    volatile int longestForward;

    public FakeLanguageModel(int vocabularySize, int contextLength, List<Integer> endTokens, long seed) {
        this.info =
                new ModelInfo("fake", vocabularySize, contextLength, endTokens, "fp32", "cpu", true, "0".repeat(64));
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
    public Logits forward(KvCache cache, int[] tokens, int rows, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        forwards.incrementAndGet();
        longestForward = Math.max(longestForward, tokens.length);
        Cache own = (Cache) cache;
        if (tokens.length < 1
                || own.settled.size() + tokens.length > own.capacity
                || rows < 0
                || rows > tokens.length) {
            throw new IllegalArgumentException("forward of " + tokens.length + " tokens, " + rows + " rows, behind "
                    + own.settled.size() + " of " + own.capacity);
        }
        own.pending = tokens.clone();
        own.version++;
        return own.logits(rows);
    }

    @Override
    public void close() {}

    private float[] row(List<Integer> all, int end) {
        long state = seed;
        for (int i = Math.max(0, end - 2); i < end; i++) {
            state = state * 0x9e3779b97f4a7c15L + all.get(i) + 1;
        }
        SplittableRandom random = new SplittableRandom(state);
        float[] row = new float[info.vocabularySize()];
        for (int token = 0; token < row.length; token++) {
            row[token] = (float) (random.nextGaussian() * 2.5);
        }
        return row;
    }

    private final class Cache implements KvCache {
        private final int capacity;
        private final List<Integer> settled = new ArrayList<>();
        private int[] pending = {};
        private int version;
        private boolean open = true;

        Cache(int capacity) {
            this.capacity = capacity;
        }

        Logits logits(int rows) {
            List<Integer> all = new ArrayList<>(settled);
            Arrays.stream(pending).forEach(all::add);
            int first = all.size() - rows;
            int made = version;
            float[][] values = new float[rows][];
            for (int i = 0; i < rows; i++) {
                values[i] = row(all, first + i + 1);
            }
            return new FakeLogits(values, () -> made == version && open);
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
            for (int i = 0; i < tokens; i++) {
                settled.add(pending[i]);
            }
            pending = new int[0];
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
