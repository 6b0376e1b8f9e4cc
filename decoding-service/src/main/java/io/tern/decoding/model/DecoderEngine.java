package io.tern.decoding.model;

import io.tern.onnx.InferenceExecutor;
import org.jspecify.annotations.Nullable;

/** What all sequences of one model share: its graph, the runs over it, and the place where calls meet. */
final class DecoderEngine implements AutoCloseable {
    private final StepGraph graph;
    private final OnnxBatchRunner runner;
    private final StepScheduler scheduler;
    private final RunClock clock = new RunClock();
    private volatile @Nullable Thread watch;

    /** Takes over the graph. */
    DecoderEngine(StepGraph graph, ModelInfo info, InferenceExecutor executor, BatchCounters batches) {
        this.graph = graph;
        this.runner = new OnnxBatchRunner(graph, executor, clock);
        this.scheduler = new StepScheduler(info.id(), runner, graph.mostSteps(), batches);
    }

    StepGraph graph() {
        return graph;
    }

    BatchRunner runner() {
        return runner;
    }

    StepScheduler scheduler() {
        return scheduler;
    }

    /** From now on a run that hangs ends the engine. */
    void watch(StepCosts costs) {
        watch = Thread.ofVirtual().name("decoder watch").start(() -> {
            try {
                while (!clock.hangs(costs)) {
                    Thread.sleep(RunClock.TICK);
                }
                scheduler.abandon(new IllegalStateException("a run hangs"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        });
    }

    /** Memory that a hanging run may still write to is left to the end of the process. */
    @Override
    public void close() {
        Thread watching = watch;
        if (watching != null) {
            watching.interrupt();
        }
        if (scheduler.isAbandoned()) {
            return;
        }
        scheduler.close();
        graph.close();
    }
}
