package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session for so many sequences and what is bound to it. A sequence that was in the last run keeps its slot, so that its
 * keys and values need not be bound again. Used by one thread at a time.
 */
final class SlotBinding implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final Session session;
    private final Binding binding;
    private final InPlaceKvMemory idle;
    private final @Nullable InPlaceKvMemory[] slots;

    /** @param idle what slots without a sequence write to */
    SlotBinding(OnnxRuntime runtime, Session session, int slots, InPlaceKvMemory idle) {
        this.runtime = runtime;
        this.session = session;
        this.binding = session.bind();
        this.idle = idle;
        this.slots = new InPlaceKvMemory[slots];
    }

    /**
     * @param steps at most one for each slot
     * @param minimum fewest tokens, and fewest rows unless none, that the kernels are given
     */
    void run(List<Step> steps, int minimum, PackedOutput output, Cancellation cancellation) {
        try (Arena run = Arena.ofConfined()) {
            int tokens = steps.stream().mapToInt(Step::tokens).sum();
            int rows = steps.stream().mapToInt(Step::rows).sum();
            int paddedTokens = Math.max(tokens, minimum);
            int paddedRows = rows == 0 ? 0 : Math.max(rows, minimum);
            StepInputs inputs = new StepInputs(runtime, run, binding, paddedTokens, paddedRows);
            List<@Nullable Step> bySlot = assign(steps);
            for (int slot = 0; slot < slots.length; slot++) {
                Step step = bySlot.get(slot);
                if (step == null) {
                    inputs.addIdle(slot);
                } else {
                    inputs.add(slot, step);
                }
            }
            inputs.pad();
            List<Step> packed = new ArrayList<>();
            bySlot.stream().filter(step -> step != null).forEach(packed::add);
            output.bind(runtime, run, binding, packed, paddedTokens, paddedRows);
            session.run(binding, cancellation);
            output.deliver(packed);
        }
    }

    /** Each step to its cache's slot, or to one that is free. */
    private List<@Nullable Step> assign(List<Step> steps) {
        @Nullable Step[] bySlot = new Step[slots.length];
        List<Step> newcomers = new ArrayList<>();
        for (Step step : steps) {
            int slot = slotOf(step.cache().memory());
            if (slot < 0) {
                newcomers.add(step);
            } else {
                bySlot[slot] = step;
            }
        }
        int slot = 0;
        for (Step step : newcomers) {
            while (bySlot[slot] != null) {
                slot++;
            }
            bySlot[slot] = step;
        }
        List<@Nullable Step> assigned = new ArrayList<>();
        for (int i = 0; i < bySlot.length; i++) {
            Step step = bySlot[i];
            bind(i, step == null ? idle : (InPlaceKvMemory) step.cache().memory());
            assigned.add(step);
        }
        return assigned;
    }

    private int slotOf(KvMemory memory) {
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == memory) {
                return slot;
            }
        }
        return -1;
    }

    private void bind(int slot, InPlaceKvMemory memory) {
        if (slots[slot] != memory) {
            slots[slot] = null; // until all of it is bound
            for (int i = 0; i < memory.layout().tensors(); i++) {
                Tensor tensor = memory.tensor(i);
                binding.input(KvLayout.past(slot, i), tensor).output(KvLayout.present(slot, i), tensor);
            }
            slots[slot] = memory;
        }
    }

    @Override
    public void close() {
        binding.close();
    }
}
