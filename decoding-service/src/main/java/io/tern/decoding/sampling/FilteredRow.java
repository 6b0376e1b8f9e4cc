package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;
import java.util.ArrayList;
import java.util.List;

/** The logits of one position after constraint, bias and penalties, in memory that is used again. Owned by one sampler. */
final class FilteredRow {
    private final float[] values;
    private final List<LogitsFilter> filters;

    private FilteredRow(float[] values, List<LogitsFilter> filters) {
        this.values = values;
        this.filters = filters;
    }

    static FilteredRow of(SamplingParameters parameters, TokenCounts counts, int vocabularySize) {
        List<LogitsFilter> filters = new ArrayList<>(); // in vLLM's order
        if (counts.constraint() != Constraint.NONE) {
            filters.add(counts.constraint());
        }
        if (!parameters.logitBias().isEmpty()) {
            filters.add(new LogitBias(parameters.logitBias()));
        }
        if (parameters.hasPenalties()) {
            filters.add(new Penalties(
                    parameters.repetitionPenalty(),
                    parameters.presencePenalty(),
                    parameters.frequencyPenalty(),
                    counts));
        }
        return new FilteredRow(new float[vocabularySize], List.copyOf(filters));
    }

    boolean changesNothing() {
        return filters.isEmpty();
    }

    /** Valid until the next call. */
    float[] read(Logits logits, int row) {
        logits.copyRow(row, values);
        filters.forEach(filter -> filter.apply(values));
        return values;
    }
}
