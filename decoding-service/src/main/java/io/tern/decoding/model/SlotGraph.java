package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.onnx.OnnxRuntime;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Our own graphs: the steps of a run go to the smallest session that has slots for all of them. */
final class SlotGraph implements StepGraph {
    /** An idle slot writes one position. */
    private static final int IDLE_POSITIONS = 8;

    private final OnnxRuntime runtime;
    private final DecoderSessions sessions;
    private final KvLayout layout;
    private final @Nullable KvTransfer transfer;
    private final InPlaceKvMemory idle;
    private final PackedOutput output;
    private final NavigableMap<Integer, SlotBinding> bySlots = new TreeMap<>();

    /** Takes over the sessions, unless it fails. */
    SlotGraph(OnnxRuntime runtime, DecoderSessions sessions, ModelInfo info, DecoderDevice device) {
        this.runtime = runtime;
        this.sessions = sessions;
        this.layout = KvLayout.of(sessions.single().signature());
        this.transfer = device.ownMemory() ? new KvTransfer(runtime, device.config(), layout) : null;
        this.idle = memory(KvMemory.Allocation.ORDINARY, IDLE_POSITIONS);
        this.output = new PackedOutput(info);
        sessions.bySlots()
                .forEach((slots, session) -> bySlots.put(slots, new SlotBinding(runtime, session, slots, idle)));
    }

    @Override
    public int mostSteps() {
        return sessions.mostSlots();
    }

    @Override
    public KvLayout layout() {
        return layout;
    }

    @Override
    public long bytes(int positions) {
        return layout.totalBytes(positions);
    }

    @Override
    public InPlaceKvMemory memory(KvMemory.Allocation allocation, int positions) {
        return transfer == null
                ? new FixedKvMemory(runtime, allocation, layout, positions)
                : new DeviceKvMemory(transfer, layout, positions);
    }

    @Override
    public void run(List<Step> steps, Cancellation cancellation) {
        int minimum = steps.stream().mapToInt(Step::minimum).max().orElseThrow();
        bySlots.ceilingEntry(steps.size()).getValue().run(steps, minimum, output, cancellation);
    }

    @Override
    public void close() {
        bySlots.values().forEach(SlotBinding::close);
        output.close();
        idle.close();
        if (transfer != null) {
            transfer.close();
        }
        sessions.close();
    }
}
