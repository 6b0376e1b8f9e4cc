package io.tern.decoding.model;

import io.tern.machine.MachineRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntToLongFunction;

/** Measures what runs cost, once for each machine: the least of some rounds, since other work only ever adds. */
final class CostProbe {
    /** To be raised when something else is measured. */
    static final int VERSION = 3;

    private static final List<Integer> TOKENS = List.of(1, 2, 3, 4, 6, 8, 16, 32);
    /** Short runs are over before anything disturbs all of them, if only there are enough. */
    private static final int MOST_ROUNDS = 16;

    private static final int FEWEST_ROUNDS = 3;
    private static final int TOKENS_OF_ALL_ROUNDS = 64;
    private static final String PREFIX = "tokens.";
    private static final String NANOS = "nanos";

    private final MachineRecord record;

    /** @param conditions all that the result depends on */
    CostProbe(Path folder, String conditions) {
        this.record = new MachineRecord(folder, "costs", conditions);
    }

    /** @param nanos cost of a run of so many tokens, by {@link StepCosts#clock} */
    StepCosts readOr(IntToLongFunction nanos) throws IOException {
        Optional<StepCosts> known = record.read().flatMap(CostProbe::parse);
        if (known.isPresent()) {
            return known.get();
        }
        StepCosts measured = measure(nanos);
        Properties properties = new Properties();
        for (int i = 0; i < TOKENS.size(); i++) {
            properties.setProperty(
                    PREFIX + TOKENS.get(i), Double.toString(measured.costs().get(i)));
        }
        properties.setProperty(NANOS, Double.toString(measured.nanosOfOne()));
        record.write(properties);
        return measured;
    }

    private static StepCosts measure(IntToLongFunction nanos) {
        Long[] least = new Long[TOKENS.size()];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            for (int i = 0; i < least.length; i++) {
                int tokens = TOKENS.get(i);
                if (round < Math.max(FEWEST_ROUNDS, TOKENS_OF_ALL_ROUNDS / tokens)) {
                    least[i] = Math.min(least[i], nanos.applyAsLong(tokens));
                }
            }
        }
        return StepCosts.ofTimes(TOKENS, List.of(least));
    }

    private static Optional<StepCosts> parse(Properties properties) {
        try {
            List<Double> costs = new ArrayList<>();
            for (int tokens : TOKENS) {
                costs.add(Double.parseDouble(properties.getProperty(PREFIX + tokens, "")));
            }
            double nanos = Double.parseDouble(properties.getProperty(NANOS, ""));
            return Optional.of(new StepCosts(TOKENS, Collections.unmodifiableList(costs), nanos));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
