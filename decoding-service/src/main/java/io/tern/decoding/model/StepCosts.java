package io.tern.decoding.model;

import io.tern.onnx.ProcessorTime;
import java.util.List;

/**
 * What a run takes by its number of tokens, c(M) / c(1), as measured on this machine: how much a draft must bring in. All in
 * processor time, as a model is often loaded while much else goes on.
 *
 * @param tokens measured points, ascending from 1
 * @param costs at these points, ascending from 1
 * @param nanosOfOne processor time of a run of one token
 */
public record StepCosts(List<Integer> tokens, List<Double> costs, double nanosOfOne) {
    /** As of 8-bit weights on x86 without matrix units, where drafts pay less than elsewhere: for what was not measured. */
    public static final StepCosts UNMEASURED =
            new StepCosts(List.of(1, 2, 4, 8, 16, 32), List.of(1.0, 1.14, 1.7, 3.0, 5.8, 11.4), 15e6);

    public StepCosts {
        tokens = List.copyOf(tokens);
        costs = List.copyOf(costs);
        if (tokens.isEmpty() || tokens.size() != costs.size() || tokens.getFirst() != 1 || costs.getFirst() != 1) {
            throw new IllegalArgumentException("tokens, costs: " + tokens + ", " + costs
                    + " (expected: as many costs as points, ascending from 1)");
        }
        if (!(nanosOfOne > 0)) {
            throw new IllegalArgumentException("nanosOfOne: " + nanosOfOne + " (expected: above 0)");
        }
        for (int i = 1; i < tokens.size(); i++) {
            if (!(tokens.get(i) > tokens.get(i - 1) && costs.get(i) >= costs.get(i - 1))) {
                throw new IllegalArgumentException(
                        "tokens, costs: " + tokens + ", " + costs + " (expected: ascending)");
            }
        }
    }

    /** Of times in any unit; more tokens never count as cheaper, which is noise. */
    static StepCosts ofTimes(List<Integer> tokens, List<Long> times) {
        double first = times.getFirst();
        double[] greatest = {1};
        return new StepCosts(
                tokens,
                times.stream()
                        .map(time -> greatest[0] = Math.max(greatest[0], time / first))
                        .toList(),
                first);
    }

    /** The clock by which costs are measured, in nanoseconds since some moment. */
    public static long clock() {
        return ProcessorTime.nanos();
    }

    /** Linear between the points, and beyond the last two. */
    public double of(int count) {
        int last = tokens.size() - 1;
        if (last == 0) {
            return costs.getFirst();
        }
        int right = 1;
        while (right < last && tokens.get(right) < count) {
            right++;
        }
        double slope = (costs.get(right) - costs.get(right - 1)) / (tokens.get(right) - tokens.get(right - 1));
        return costs.get(right - 1) + slope * (count - tokens.get(right - 1));
    }
}
