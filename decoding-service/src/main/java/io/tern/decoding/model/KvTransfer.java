package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.CacheGraphs;
import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.Tensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/** Keys and values on a device: makes room for them there, and moves them by two small sessions. Safe for many threads. */
final class KvTransfer implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final KvLayout layout;
    private final Session gather;
    private final Session scatter;

    /** @param config names the device */
    KvTransfer(OnnxRuntime runtime, SessionConfig config, KvLayout layout) {
        this.runtime = runtime;
        this.layout = layout;
        this.gather = runtime.load(
                CacheGraphs.gather(layout.tensors(), layout.heads(), layout.headSize(), layout.type()), config);
        try {
            this.scatter = runtime.load(
                    CacheGraphs.scatter(layout.tensors(), layout.heads(), layout.headSize(), layout.type()), config);
        } catch (RuntimeException | Error e) {
            gather.close();
            throw e;
        }
    }

    /** One tensor on the device, of undefined contents. */
    Tensor allocate(Arena arena, int positions) {
        return gather.allocate(arena, layout.type(), layout.shape(positions));
    }

    /** Rows at some positions to those from {@code to} on, by way of a copy on the device. */
    void move(List<Tensor> caches, int[] from, int to) {
        try (Arena call = Arena.ofConfined();
                Binding reading = gather.bind();
                Binding writing = scatter.bind()) {
            bind(reading, caches, positions(call, Arrays.stream(from).asLongStream()));
            each(i -> reading.outputToDevice(CacheGraphs.rows(i)));
            gather.run(reading, Cancellation.none());
            Map<String, Tensor> rows = reading.outputs(call);
            bind(writing, caches, positions(call, LongStream.of(to)));
            rows.forEach(writing::input);
            write(writing, caches);
        }
    }

    /** Rows from {@code from} on to this machine's memory: for each tensor and head one behind the other. */
    void copy(List<Tensor> caches, int from, int count, MemorySegment into) {
        try (Arena call = Arena.ofConfined();
                Binding reading = gather.bind()) {
            bind(reading, caches, positions(call, LongStream.range(from, from + count)));
            each(i -> reading.output(CacheGraphs.rows(i), rows(call, into, i, count)));
            gather.run(reading, Cancellation.none());
        }
    }

    /** The reverse of {@link #copy}. */
    void paste(MemorySegment rows, List<Tensor> caches, int at, int count) {
        try (Arena call = Arena.ofConfined();
                Binding writing = scatter.bind()) {
            bind(writing, caches, positions(call, LongStream.of(at)));
            each(i -> writing.input(CacheGraphs.rows(i), rows(call, rows, i, count)));
            write(writing, caches);
        }
    }

    private void write(Binding writing, List<Tensor> caches) {
        each(i -> writing.output(CacheGraphs.written(i), caches.get(i)));
        scatter.run(writing, Cancellation.none());
    }

    private void bind(Binding binding, List<Tensor> caches, Tensor positions) {
        binding.input(CacheGraphs.POSITIONS, positions);
        each(i -> binding.input(CacheGraphs.cache(i), caches.get(i)));
    }

    private Tensor positions(Arena call, LongStream positions) {
        long[] all = positions.toArray();
        return Tensor.copyOf(runtime, call, Shape.of(all.length), all);
    }

    /** Those of one tensor in memory that holds the rows of all. */
    private Tensor rows(Arena call, MemorySegment all, int tensor, int count) {
        long bytes = layout.tensorBytes(count);
        return Tensor.over(runtime, call, all.asSlice(tensor * bytes, bytes), layout.type(), layout.shape(count));
    }

    private void each(IntConsumer tensor) {
        for (int i = 0; i < layout.tensors(); i++) {
            tensor.accept(i);
        }
    }

    @Override
    public void close() {
        gather.close();
        scatter.close();
    }
}
