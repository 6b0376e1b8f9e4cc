package io.tern.decoding.model;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One block for all tensors: large enough for the system to give it page by page, as a text grows, and to take it back at
 * the text's end.
 */
final class FixedKvMemory extends InPlaceKvMemory implements HostKvMemory {
    /** @param positions that fit */
    FixedKvMemory(OnnxRuntime runtime, Allocation allocation, KvLayout layout, int positions) {
        super(layout, arena -> tensors(runtime, allocation, layout, positions, arena));
    }

    private static List<Tensor> tensors(
            OnnxRuntime runtime, Allocation allocation, KvLayout layout, int positions, Arena arena) {
        long stride = (layout.tensorBytes(positions) + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
        MemorySegment block = allocation.allocate(arena, layout.tensors() * stride);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < layout.tensors(); i++) {
            MemorySegment part = block.asSlice(i * stride, stride);
            tensors.add(Tensor.over(runtime, arena, part, layout.type(), layout.shape(positions)));
        }
        return tensors;
    }

    @Override
    public MemorySegment head(int tensor, int head) {
        MemorySegment all = tensor(tensor).segment();
        long stride = all.byteSize() / layout().heads();
        return all.asSlice(head * stride, stride);
    }
}
