package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.decoding.exported.GraphNames;
import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/**
 * A graph of somebody else's, as it is: the tokens of one sequence a run, places and mask counted from the tokens before,
 * and logits of each token, of which the last ones are kept. Chains only, since nothing tells its attention of a tree.
 */
final class ExportedGraph implements StepGraph {
    private final OnnxRuntime runtime;
    private final Session session;
    private final ExportedEnds ends;
    private final boolean inPlace;
    private final Binding binding;
    private ExportedLogits logits;

    /**
     * Takes over the session, unless it fails.
     *
     * @param inPlace whether its attention updates keys and values in the memory of the past, however long that is
     */
    ExportedGraph(OnnxRuntime runtime, Session session, ExportedEnds ends, boolean inPlace) {
        this.runtime = runtime;
        this.session = session;
        this.ends = ends;
        this.inPlace = inPlace;
        this.binding = session.bind();
        this.logits = new ExportedLogits(ends, 1);
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public KvLayout layout() {
        return ends.layout();
    }

    @Override
    public long bytes(int positions) {
        return inPlace ? layout().totalBytes(positions) : GrowingKvMemory.totalBytes(layout(), positions);
    }

    @Override
    public KvMemory memory(KvMemory.Allocation allocation, int positions) {
        return inPlace
                ? new FixedKvMemory(runtime, allocation, layout(), positions)
                : new GrowingKvMemory(allocation, layout(), positions);
    }

    @Override
    public void run(List<Step> steps, Cancellation cancellation) {
        for (Step step : steps) {
            run(step, cancellation);
        }
    }

    /** Tokens that only fill the run up follow the last one, and are written over later. */
    private void run(Step step, Cancellation cancellation) {
        int past = step.past() + step.begin();
        int tokens = Math.max(step.tokens(), step.minimum());
        try (Arena run = Arena.ofConfined()) {
            bindTokens(run, step, past, tokens);
            bindSwitches(run, past);
            logits = logits.withRoom(tokens);
            binding.output(ends.names().logits(), logits.tensor(runtime, run, tokens));
            switch (step.cache().memory()) {
                case InPlaceKvMemory fixed -> {
                    bindCaches((index, name) -> binding.input(name, fixed.tensor(index)), true);
                    bindCaches((index, name) -> binding.output(name, fixed.tensor(index)), false);
                    session.run(binding, cancellation);
                }
                case GrowingKvMemory growing -> {
                    growing.closeUp(past);
                    bindCaches((index, name) -> binding.input(name, growing.past(runtime, run, index)), true);
                    bindCaches(
                            (index, name) -> binding.output(name, growing.present(runtime, run, index, past + tokens)),
                            false);
                    session.run(binding, cancellation);
                    growing.swap(past + tokens);
                }
            }
            if (step.rows() > 0) {
                int firstRow = step.firstRow() - step.begin();
                logits.copyRows(firstRow, step.rows(), step.cache().logits(), step.rowsBefore());
            }
        }
    }

    private void bindTokens(Arena run, Step step, int past, int tokens) {
        GraphNames names = ends.names();
        for (Map.Entry<String, ElementType> input : ends.wholes().entrySet()) {
            String name = input.getKey();
            int count = name.equals(names.attentionMask()) ? past + tokens : tokens;
            Tensor tensor = Tensor.allocate(runtime, run, input.getValue(), Shape.of(1, count));
            for (int i = 0; i < count; i++) {
                int value = name.equals(names.attentionMask())
                        ? 1
                        : name.equals(names.positionIds())
                                ? past + i
                                : step.tree().token(step.node(i));
                set(tensor, i, value);
            }
            binding.input(name, tensor);
        }
    }

    private void bindSwitches(Arena run, int past) {
        ends.switches().forEach((name, input) -> {
            Tensor tensor = Tensor.allocate(runtime, run, input.type(), ExportedEnds.switchShape(input));
            if (name.equals(ExportedEnds.USE_CACHE_BRANCH)) {
                tensor.segment().set(ValueLayout.JAVA_BOOLEAN, 0, past > 0);
            } else {
                tensor.segment().set(ValueLayout.JAVA_LONG, 0, 0); // logits of all tokens
            }
            binding.input(name, tensor);
        });
    }

    private static void set(Tensor wholes, int index, int value) {
        MemorySegment segment = wholes.segment();
        if (wholes.type() == ElementType.INT64) {
            segment.setAtIndex(ValueLayout.JAVA_LONG, index, value);
        } else {
            segment.setAtIndex(ValueLayout.JAVA_INT, index, value);
        }
    }

    /** Binds one input or output of keys or values. */
    @FunctionalInterface
    private interface CacheBinding {
        void bind(int index, String name);
    }

    private void bindCaches(CacheBinding each, boolean past) {
        for (int index = 0; index < layout().tensors(); index++) {
            each.bind(index, ends.cacheName(index, past));
        }
    }

    @Override
    public void close() {
        binding.close();
        logits.close();
        session.close();
    }
}
