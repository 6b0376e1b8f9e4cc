package io.tern.decoding.model;

import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Where a run writes logits and hidden states. Those of a single step go to its cache at once; those of several lie end to
 * end and are copied to theirs. Used by one thread at a time.
 */
final class PackedOutput implements AutoCloseable {
    private RowBuffer logits;
    private RowBuffer hidden;

    PackedOutput(ModelInfo info) {
        this.logits = new RowBuffer(info.logitsWidth(), 1);
        this.hidden = new RowBuffer(info.hiddenWidth(), 1);
    }

    /** @param tensors open until the run is over */
    void bind(OnnxRuntime runtime, Arena tensors, Binding binding, List<Step> steps, int tokens, int rows) {
        if (steps.size() == 1) {
            Step step = steps.getFirst();
            OnnxKvCache cache = step.cache();
            binding.output("logits", cache.logits().tensor(runtime, tensors, step.rowsBefore(), rows));
            binding.output("hidden", cache.hidden().tensor(runtime, tensors, step.begin(), tokens));
        } else {
            logits = logits.withRoom(rows);
            hidden = hidden.withRoom(tokens);
            binding.output("logits", logits.tensor(runtime, tensors, 0, rows));
            binding.output("hidden", hidden.tensor(runtime, tensors, 0, tokens));
        }
    }

    /** @param steps in the order of their tokens */
    void deliver(List<Step> steps) {
        if (steps.size() == 1) {
            return;
        }
        int token = 0;
        int row = 0;
        for (Step step : steps) {
            OnnxKvCache cache = step.cache();
            logits.copyRows(row, step.rows(), cache.logits(), step.rowsBefore());
            hidden.copyRows(token, step.tokens(), cache.hidden(), step.begin());
            row += step.rows();
            token += step.tokens();
        }
    }

    @Override
    public void close() {
        logits.close();
        hidden.close();
    }
}
