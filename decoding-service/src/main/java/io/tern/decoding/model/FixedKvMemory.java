package io.tern.decoding.model;

import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Memory where the attention updates keys and values in place. */
final class FixedKvMemory implements KvMemory {
    private final Arena arena = Arena.ofShared();
    private final KvLayout layout;
    private final List<Tensor> tensors = new ArrayList<>();

    /** @param positions that fit */
    FixedKvMemory(Allocation allocation, KvLayout layout, int positions) {
        this.layout = layout;
        try {
            for (int i = 0; i < layout.tensors(); i++) {
                tensors.add(allocation.allocate(arena, layout.shape(positions)));
            }
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

    @Override
    public MemorySegment head(int tensor, int head) {
        MemorySegment all = tensors.get(tensor).segment();
        long stride = all.byteSize() / layout.heads();
        return all.asSlice(head * stride, stride);
    }

    @Override
    public void close() {
        arena.close();
    }
}
