package io.tern.decoding;

import io.tern.decoding.draft.Draft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts what a text takes. Owned by its loop. */
final class StepCounters {
    private final long startNanos;
    private final List<Integer> acceptedPerPosition = new ArrayList<>();
    private long firstTokenNanos;
    private int cached;
    private int tokens;
    private int steps;
    private int drafted;
    private int accepted;

    StepCounters(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Tokens of the prompt that did not have to run. */
    void cached(int promptTokens) {
        cached = promptTokens;
    }

    int tokens() {
        return tokens;
    }

    void token() {
        if (tokens++ == 0) {
            firstTokenNanos = System.nanoTime();
        }
    }

    /** @param settled how many of the accepted tokens were taken before the text ended */
    void step(Draft draft, int settled) {
        steps++;
        drafted += draft.size();
        accepted += settled;
        while (acceptedPerPosition.size() < draft.depth()) {
            acceptedPerPosition.add(0);
        }
        for (int i = 0; i < settled; i++) {
            acceptedPerPosition.set(i, acceptedPerPosition.get(i) + 1);
        }
    }

    DecodingStats stats(DecodingRequest request) {
        long now = System.nanoTime();
        return new DecodingStats(
                request.speculation().drafter(),
                request.prompt().size(),
                cached,
                tokens,
                steps,
                drafted,
                accepted,
                acceptedPerPosition,
                Duration.ofNanos((tokens == 0 ? now : firstTokenNanos) - startNanos),
                Duration.ofNanos(now - startNanos));
    }
}
