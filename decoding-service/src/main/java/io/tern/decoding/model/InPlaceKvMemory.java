package io.tern.decoding.model;

import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Function;

/** Memory where the attention updates keys and values in place. */
abstract sealed class InPlaceKvMemory implements KvMemory permits FixedKvMemory, DeviceKvMemory {
    private final Arena arena = Arena.ofShared();
    private final KvLayout layout;
    private final List<Tensor> tensors;

    /** @param allocation of all tensors, which end with the arena */
    InPlaceKvMemory(KvLayout layout, Function<Arena, List<Tensor>> allocation) {
        this.layout = layout;
        try {
            this.tensors = allocation.apply(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public KvLayout layout() {
        return layout;
    }

    /** Past and present in one. */
    Tensor tensor(int index) {
        return tensors.get(index);
    }

    List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        arena.close();
    }
}
