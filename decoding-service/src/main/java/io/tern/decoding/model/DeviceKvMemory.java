package io.tern.decoding.model;

import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/** Keys and values where a session's kernels run, which the process cannot read: {@link KvTransfer} moves them. */
final class DeviceKvMemory extends InPlaceKvMemory {
    private final KvTransfer transfer;

    /** @param positions that fit */
    DeviceKvMemory(KvTransfer transfer, KvLayout layout, int positions) {
        super(layout, arena -> tensors(transfer, layout, positions, arena));
        this.transfer = transfer;
    }

    private static List<Tensor> tensors(KvTransfer transfer, KvLayout layout, int positions, Arena arena) {
        return Stream.generate(() -> transfer.allocate(arena, positions))
                .limit(layout.tensors())
                .toList();
    }

    @Override
    public void move(int[] from, int to) {
        transfer.move(tensors(), from, to);
    }

    @Override
    public void copy(int from, int positions, MemorySegment into) {
        transfer.copy(tensors(), from, positions, into);
    }

    @Override
    public void paste(MemorySegment rows, int at, int positions) {
        transfer.paste(rows, tensors(), at, positions);
    }

    @Override
    public boolean sameBits(KvMemory other, int positions) {
        try (Arena both = Arena.ofConfined()) {
            MemorySegment mine = both.allocate(layout().totalBytes(positions), ALIGNMENT_BYTES);
            MemorySegment theirs = both.allocate(layout().totalBytes(positions), ALIGNMENT_BYTES);
            copy(0, positions, mine);
            other.copy(0, positions, theirs);
            return mine.mismatch(theirs) < 0;
        }
    }
}
