package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Runs steps on the smallest session that has slots for all of them, on a thread of the executor. */
final class OnnxBatchRunner implements BatchRunner, AutoCloseable {
    /** An idle slot writes one position. */
    private static final int IDLE_POSITIONS = 8;

    private final InferenceExecutor executor;
    private final RunClock clock;
    private final KvMemory idle;
    private final PackedOutput output;
    private final NavigableMap<Integer, SlotBinding> bySlots = new TreeMap<>();

    OnnxBatchRunner(
            OnnxRuntime runtime,
            DecoderSessions sessions,
            KvLayout layout,
            ModelInfo info,
            InferenceExecutor executor,
            RunClock clock) {
        this.executor = executor;
        this.clock = clock;
        this.idle = new KvMemory(
                (arena, shape) -> Tensor.allocate(runtime, arena, ElementType.FLOAT32, shape), layout, IDLE_POSITIONS);
        this.output = new PackedOutput(info);
        sessions.bySlots()
                .forEach((slots, session) -> bySlots.put(slots, new SlotBinding(runtime, session, slots, idle)));
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
            int minimum = steps.stream().mapToInt(Step::minimum).max().orElseThrow();
            bySlots.ceilingEntry(steps.size()).getValue().run(steps, minimum, output, cancellation);
        }
    }

    @Override
    public void close() {
        bySlots.values().forEach(SlotBinding::close);
        output.close();
        idle.close();
    }
}
