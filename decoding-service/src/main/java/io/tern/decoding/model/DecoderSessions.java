package io.tern.decoding.model;

import io.tern.decoding.convert.ConvertedModel;
import io.tern.decoding.convert.WeightIndex;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.SharedWeights;
import io.tern.onnx.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The sessions of one model, for one sequence and for several at once, over one copy of its weights. */
final class DecoderSessions implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final SharedWeights weights;
    private final NavigableMap<Integer, Session> bySlots = new TreeMap<>();

    DecoderSessions(OnnxRuntime runtime, ConvertedModel model, List<Integer> slotCounts, SessionConfig config)
            throws IOException {
        try {
            MemorySegment file = map(model);
            weights = SharedWeights.of(runtime, tensors(runtime, model, file));
            for (int slots : slotCounts) {
                bySlots.put(slots, runtime.load(model.model(slots), config, weights));
            }
            file.unload(); // most of it was read once, to be rearranged; what is still read comes back
        } catch (IOException | RuntimeException | Error e) {
            bySlots.values().forEach(Session::close);
            arena.close();
            throw e;
        }
    }

    private MemorySegment map(ConvertedModel model) throws IOException {
        try (FileChannel file = FileChannel.open(model.weights(), StandardOpenOption.READ)) {
            return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
        }
    }

    private Map<String, Tensor> tensors(OnnxRuntime runtime, ConvertedModel model, MemorySegment file)
            throws IOException {
        Map<String, Tensor> tensors = new HashMap<>();
        for (WeightIndex.Entry entry : model.weightIndex()) {
            MemorySegment part = file.asSlice(entry.offset(), entry.length());
            tensors.put(entry.name(), Tensor.over(runtime, arena, part, entry.type(), entry.shape()));
        }
        return tensors;
    }

    /** For one sequence. */
    Session single() {
        return bySlots.firstEntry().getValue();
    }

    int mostSlots() {
        return bySlots.lastKey();
    }

    NavigableMap<Integer, Session> bySlots() {
        return bySlots;
    }

    /** @throws IllegalStateException while a binding of one of them is open */
    @Override
    public void close() {
        bySlots.values().forEach(Session::close);
        weights.close();
        arena.close();
    }
}
