package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.onnx.InferenceExecutor;
import java.util.List;

/** Runs steps on a graph, on a thread of the executor. */
final class OnnxBatchRunner implements BatchRunner {
    private final StepGraph graph;
    private final InferenceExecutor executor;
    private final RunClock clock;

    OnnxBatchRunner(StepGraph graph, InferenceExecutor executor, RunClock clock) {
        this.graph = graph;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public void run(List<Step> steps, Cancellation cancellation) {
        executor.run(
                () -> {
                    clock.begin(steps.stream().mapToInt(Step::tokens).sum());
                    try {
                        runLocked(steps, 0, cancellation);
                    } finally {
                        clock.end();
                    }
                },
                cancellation);
    }

    /** Nobody may free a sequence's memory while a run writes to it. */
    private void runLocked(List<Step> steps, int locked, Cancellation cancellation) {
        if (locked < steps.size()) {
            steps.get(locked).cache().use(() -> runLocked(steps, locked + 1, cancellation));
        } else {
            graph.run(steps, cancellation);
        }
    }
}
