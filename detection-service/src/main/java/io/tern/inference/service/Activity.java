package io.tern.inference.service;

import io.tern.inference.v2.InferBatchStatistics;
import io.tern.inference.v2.InferStatistics;
import io.tern.inference.v2.ModelStatistics;
import io.tern.inference.v2.StatisticDuration;

/** What a graph was asked since it was loaded, and how long that took. Safe for many threads. */
final class Activity {
    private final Total answered = new Total();
    private final Total failed = new Total();
    private final Total queue = new Total();
    private final Total input = new Total();
    private final Total infer = new Total();
    private final Total output = new Total();
    private long lastMillis;

    /** Times of one kind. */
    private static final class Total {
        private long count;
        private long nanos;

        void add(long nanos) {
            count++;
            this.nanos += nanos;
        }

        StatisticDuration message() {
            return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
        }
    }

    /** @param epochMillis when, since 1970 */
    synchronized void asked(long epochMillis) {
        lastMillis = Math.max(lastMillis, epochMillis);
    }

    /** Now, after all of its phases. */
    synchronized void answered(Phases phases) {
        long elapsed = phases.elapsedNanos();
        answered.add(elapsed);
        queue.add(phases.queueNanos());
        input.add(phases.inputNanos());
        infer.add(phases.inferNanos());
        output.add(elapsed - phases.queueNanos() - phases.inputNanos() - phases.inferNanos());
    }

    /** Now, wherever it had come to. */
    synchronized void failed(Phases phases) {
        failed.add(phases.elapsedNanos());
    }

    synchronized ModelStatistics message(String model) {
        StatisticDuration none = StatisticDuration.getDefaultInstance();
        ModelStatistics.Builder statistics = ModelStatistics.newBuilder()
                .setName(model)
                .setVersion(TensorModels.VERSION)
                .setLastInference(lastMillis)
                .setInferenceCount(answered.count)
                .setExecutionCount(infer.count)
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(answered.message())
                        .setFail(failed.message())
                        .setQueue(queue.message())
                        .setComputeInput(input.message())
                        .setComputeInfer(infer.message())
                        .setComputeOutput(output.message())
                        .setCacheHit(none)
                        .setCacheMiss(none));
        if (infer.count > 0) {
            statistics.addBatchStats(InferBatchStatistics.newBuilder()
                    .setBatchSize(1)
                    .setComputeInput(input.message())
                    .setComputeInfer(infer.message())
                    .setComputeOutput(output.message()));
        }
        return statistics.build();
    }
}
