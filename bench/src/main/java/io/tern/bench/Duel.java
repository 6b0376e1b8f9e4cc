package io.tern.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Two ways to do the same, measured in turns within one run, so that what the machine does meanwhile falls on both. Each
 * pair of turns gives one ratio, the peer's time over ours; the order changes from pair to pair. Time is the calling thread's
 * CPU time: all work is on that thread, and other processes do not count.
 */
final class Duel {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String name;
    private final String peer;
    private final Contender theirs;
    private final Contender ours;

    /** @param peer what stands against us */
    Duel(String name, String peer, Contender theirs, Contender ours) {
        this.name = name;
        this.peer = peer;
        this.theirs = theirs;
        this.ours = ours;
    }

    /** @throws IllegalStateException if the two do not compute the same */
    Outcome fight(Settings settings) throws Exception {
        double theirResult = theirs.call();
        double ourResult = ours.call();
        if (theirResult != ourResult) {
            throw new IllegalStateException(name + ": " + ourResult + " (expected: " + theirResult + ")");
        }
        return compare(settings);
    }

    /** The same for two methods that are meant to compute something else. */
    Outcome compare(Settings settings) throws Exception {
        int calls = calls(settings);
        for (int pair = 0; pair < settings.warmUpPairs(); pair++) {
            nanosPerCall(theirs, calls);
            nanosPerCall(ours, calls);
        }
        double[] theirNanos = new double[settings.pairs()];
        double[] ourNanos = new double[settings.pairs()];
        for (int pair = 0; pair < settings.pairs(); pair++) {
            if (pair % 2 == 0) {
                theirNanos[pair] = nanosPerCall(theirs, calls);
            }
            ourNanos[pair] = nanosPerCall(ours, calls);
            if (pair % 2 == 1) {
                theirNanos[pair] = nanosPerCall(theirs, calls);
            }
        }
        return Outcome.of(name, peer, calls, theirNanos, ourNanos);
    }

    /** So many calls that the slower of the two takes about the wanted time. */
    private int calls(Settings settings) throws Exception {
        int calls = 1;
        while (Math.max(nanosPerCall(theirs, calls), nanosPerCall(ours, calls)) * calls < settings.turnNanos()) {
            calls *= 2;
        }
        return calls;
    }

    private static double nanosPerCall(Contender contender, int calls) throws Exception {
        double sum = 0;
        long before = THREADS.getCurrentThreadCpuTime();
        for (int call = 0; call < calls; call++) {
            sum += contender.call();
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - before;
        if (Double.isNaN(sum)) {
            throw new IllegalStateException("result: NaN");
        }
        return (double) nanos / calls;
    }

    /** How long to measure: turns of about so many nanoseconds, first to warm up, then to count. */
    record Settings(int warmUpPairs, int pairs, long turnNanos) {
        @Override
        public String toString() {
            return pairs + " after " + warmUpPairs + " to warm up, each turn about " + turnNanos / 1_000_000 + " ms";
        }
    }

    /** Medians, and of the ratios also the quartiles. A ratio above 1: we are faster. */
    record Outcome(
            String name,
            String peer,
            int callsPerTurn,
            double theirNanos,
            double ourNanos,
            double ratio,
            double lowerQuartile,
            double upperQuartile) {

        static Outcome of(String name, String peer, int calls, double[] theirNanos, double[] ourNanos) {
            double[] ratios = new double[ourNanos.length];
            Arrays.setAll(ratios, pair -> theirNanos[pair] / ourNanos[pair]);
            return new Outcome(
                    name,
                    peer,
                    calls,
                    quantile(theirNanos, 0.5),
                    quantile(ourNanos, 0.5),
                    quantile(ratios, 0.5),
                    quantile(ratios, 0.25),
                    quantile(ratios, 0.75));
        }

        private static double quantile(double[] values, double fraction) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return sorted[(int) Math.round(fraction * (sorted.length - 1))];
        }
    }
}
