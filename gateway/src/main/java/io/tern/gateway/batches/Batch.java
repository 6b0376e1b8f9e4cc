package io.tern.gateway.batches;

import io.tern.jobs.JobId;
import io.tern.jobs.JobOwner;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it stands.
 *
 * @param id {@code batch_...}; ids sort by age
 * @param times when it came into each state but the first, in seconds since 1970
 * @param total lines of a file that is valid; 0 before that is known
 * @param model that all lines name; null: they do not agree, or name none
 * @param outputId the file of answers, if there will be some
 * @param errorId the file of errors, if there will be some
 */
record Batch(
        String id,
        BatchOrder order,
        BatchStatus status,
        Map<BatchStatus, Long> times,
        int total,
        Counts counts,
        @Nullable String model,
        List<LineFault> faults,
        String outputId,
        String errorId) {
    static final String PREFIX = "batch_";
    private static final int OWNER_AT = PREFIX.length() + JobId.LENGTH;

    /** How far a batch is: lines that have an answer, and lines that have an error. */
    record Counts(int completed, int failed, TokenUsage usage) {
        static final Counts NONE = new Counts(0, 0, TokenUsage.NONE);

        Counts plus(boolean error, TokenUsage more) {
            return new Counts(error ? completed : completed + 1, error ? failed + 1 : failed, usage.plus(more));
        }
    }

    Batch {
        times = Map.copyOf(times);
        faults = List.copyOf(faults);
    }

    static Batch accepted(String id, BatchOrder order, String outputId, String errorId) {
        return new Batch(
                id, order, BatchStatus.VALIDATING, Map.of(), 0, Counts.NONE, null, List.of(), outputId, errorId);
    }

    JobOwner owner() {
        return ownerOf(id);
    }

    static JobOwner ownerOf(String id) {
        return new JobOwner(id.substring(OWNER_AT));
    }

    Batch in(BatchStatus next, long now) {
        Map<BatchStatus, Long> known = new EnumMap<>(BatchStatus.class);
        known.putAll(times);
        known.put(next, now);
        return new Batch(id, order, next, known, total, counts, model, faults, outputId, errorId);
    }

    Batch with(Counts now) {
        return new Batch(id, order, status, times, total, now, model, faults, outputId, errorId);
    }

    Batch valid(int lines, @Nullable String theirModel) {
        return new Batch(id, order, status, times, lines, counts, theirModel, faults, outputId, errorId);
    }

    Batch with(List<LineFault> found) {
        return new Batch(id, order, status, times, total, counts, model, found, outputId, errorId);
    }
}
