package io.tern.decoding.model;

import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/** What all sequences of one model share: its sessions, the runs over them, and the place where calls meet. */
final class DecoderEngine implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final DecoderSessions sessions;
    private final KvLayout layout;
    private final OnnxBatchRunner runner;
    private final Rendezvous rendezvous;
    private final RunClock clock = new RunClock();
    private volatile @Nullable Thread watch;

    /** Takes over the sessions, unless it fails. */
    DecoderEngine(
            OnnxRuntime runtime,
            DecoderSessions sessions,
            ModelInfo info,
            InferenceExecutor executor,
            BatchCounters batches) {
        this.runtime = runtime;
        this.sessions = sessions;
        this.layout = KvLayout.of(sessions.single().signature());
        this.runner = new OnnxBatchRunner(runtime, sessions, layout, info, executor, clock);
        this.rendezvous = new Rendezvous(info.id(), runner, sessions.mostSlots(), batches);
    }

    OnnxRuntime runtime() {
        return runtime;
    }

    /** Ordinary memory. */
    KvMemory.Allocation allocation() {
        return (arena, shape) -> Tensor.allocate(runtime, arena, ElementType.FLOAT32, shape);
    }

    KvLayout layout() {
        return layout;
    }

    BatchRunner runner() {
        return runner;
    }

    Rendezvous rendezvous() {
        return rendezvous;
    }

    /** From now on a run that hangs ends the engine. */
    void watch(StepCosts costs) {
        watch = Thread.ofVirtual().name("decoder watch").start(() -> {
            try {
                while (!clock.hangs(costs)) {
                    Thread.sleep(RunClock.TICK);
                }
                rendezvous.abandon(new IllegalStateException("a run hangs"));
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
        if (rendezvous.isAbandoned()) {
            return;
        }
        rendezvous.close();
        runner.close();
        sessions.close();
    }
}
