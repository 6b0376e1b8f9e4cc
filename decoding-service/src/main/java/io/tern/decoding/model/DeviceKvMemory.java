package io.tern.decoding.model;

import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Keys and values where a session's kernels run, which the process cannot read: {@link KvTransfer} moves them. */
final class DeviceKvMemory implements InPlaceKvMemory {
    private final Arena arena = Arena.ofShared();
    private final KvTransfer transfer;
    private final KvLayout layout;
    private final List<Tensor> tensors = new ArrayList<>();

    /** @param positions that fit */
    DeviceKvMemory(KvTransfer transfer, KvLayout layout, int positions) {
        this.transfer = transfer;
        this.layout = layout;
        try {
            for (int i = 0; i < layout.tensors(); i++) {
                tensors.add(transfer.allocate(arena, positions));
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

    @Override
    public Tensor tensor(int index) {
        return tensors.get(index);
    }

    @Override
    public void move(int[] from, int to) {
        transfer.move(tensors, from, to);
    }

    @Override
    public void copy(int from, int positions, MemorySegment into) {
        transfer.copy(tensors, from, positions, into);
    }

    @Override
    public void paste(MemorySegment rows, int at, int positions) {
        transfer.paste(rows, tensors, at, positions);
    }

    @Override
    public boolean sameBits(KvMemory other, int positions) {
        try (Arena both = Arena.ofConfined()) {
            MemorySegment mine = both.allocate(layout.totalBytes(positions), ALIGNMENT_BYTES);
            MemorySegment theirs = both.allocate(layout.totalBytes(positions), ALIGNMENT_BYTES);
            copy(0, positions, mine);
            other.copy(0, positions, theirs);
            return mine.mismatch(theirs) < 0;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
