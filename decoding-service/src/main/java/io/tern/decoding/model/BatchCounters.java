package io.tern.decoding.model;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What runs took together, from the start of the process, in all models. Safe for use by many threads. */
public final class BatchCounters {
    private final LongAdder runs = new LongAdder();
    private final LongAdder sequences = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder deaths = new LongAdder();
    private volatile int lastSequences;
    private volatile Runnable onDeath = () -> {};

    void count(List<Step> steps) {
        runs.increment();
        sequences.add(steps.size());
        tokens.add(steps.stream().mapToLong(Step::tokens).sum());
        lastSequences = steps.size();
    }

    void countDeath() {
        deaths.increment();
        onDeath.run();
    }

    /** Told of each engine that an error ends. */
    public void onDeath(Runnable listener) {
        onDeath = listener;
    }

    public long runs() {
        return runs.sum();
    }

    /** Of all runs: divided by their number, the mean size of a batch. */
    public long sequences() {
        return sequences.sum();
    }

    /** Tokens of prompts, of texts and of drafts. */
    public long tokens() {
        return tokens.sum();
    }

    /** Engines that an error ended, and whose model answers nothing more: only another process will. */
    public long deaths() {
        return deaths.sum();
    }

    /** Sequences in the last run. */
    public int lastSequences() {
        return lastSequences;
    }
}
