package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.decoding.tree.TokenTree;
import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sequence's keys and values in native memory, where the attention updates them in place, with the binding of its
 * steps. A run and {@link #close} exclude each other, since a run writes to this memory.
 */
final class OnnxKvCache implements KvCache {
    private static final TokenTree NOTHING = TokenTree.chain();

    private final Arena arena = Arena.ofShared();
    private final OnnxRuntime runtime;
    private final KvLayout layout;
    private final KvBudget.Reservation reservation;
    private final int capacity;
    private final List<Tensor> tensors = new ArrayList<>();
    private final Session session;
    private final Binding binding;
    private RowBuffer logits;
    private RowBuffer hidden;
    private TokenTree pending = NOTHING;
    private int length;
    private boolean closed;

    /**
     * Takes over the reservation, unless it fails.
     *
     * @param capacity tokens that fit
     * @param allocated positions in memory, more than {@code capacity} by what padding needs
     */
    OnnxKvCache(
            OnnxRuntime runtime,
            Session session,
            KvBudget.Reservation reservation,
            KvLayout layout,
            ModelInfo info,
            int capacity,
            int allocated) {
        this.runtime = runtime;
        this.layout = layout;
        this.reservation = reservation;
        this.capacity = capacity;
        this.session = session;
        this.binding = session.bind();
        try {
            bindKeysAndValues(allocated);
            this.logits = new RowBuffer(info.vocabularySize(), 1);
            this.hidden = new RowBuffer(info.hiddenWidth(), 1);
        } catch (RuntimeException | Error e) {
            binding.close();
            arena.close();
            throw e;
        }
    }

    private void bindKeysAndValues(int allocated) {
        for (int i = 0; i < layout.tensors(); i++) {
            Tensor tensor = Tensor.allocate(runtime, arena, ElementType.FLOAT32, layout.shape(allocated));
            binding.input(KvLayout.past(i), tensor).output(KvLayout.present(i), tensor);
            tensors.add(tensor);
        }
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void commit(int tokens) {
        if (tokens < 0 || tokens > pending.chainLength()) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: 0.." + pending.chainLength() + ")");
        }
        length += tokens;
        pending = NOTHING;
    }

    @Override
    public void keep(int... path) {
        int parent = TokenTree.ROOT;
        for (int node : path) {
            if (node < 0 || node >= pending.size() || pending.parent(node) != parent) {
                throw new IllegalArgumentException("path: " + Arrays.toString(path)
                        + " (expected: each the parent of the next in " + pending + ")");
            }
            parent = node;
        }
        for (int i = 0; i < path.length; i++) {
            if (path[i] != i) {
                move(length + path[i], length + i);
            }
        }
        length += path.length;
        pending = NOTHING;
    }

    private void move(int from, int to) {
        for (Tensor tensor : tensors) {
            long stride = tensor.segment().byteSize() / layout.heads();
            long rowBytes = layout.rowBytes();
            for (int head = 0; head < layout.heads(); head++) {
                MemorySegment rows = tensor.segment().asSlice(head * stride, stride);
                MemorySegment.copy(rows, from * rowBytes, rows, to * rowBytes, rowBytes);
            }
        }
    }

    @Override
    public void truncate(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("length: " + length + " (expected: 0.." + this.length + ")");
        }
        this.length = length;
        pending = NOTHING;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        binding.close();
        logits.close();
        hidden.close();
        arena.close();
        reservation.close();
    }

    /** Before the steps of a forward: nothing can be kept any more, and there is room for what they give. */
    void begin(int tokens, int rows, int minimum) {
        pending = NOTHING;
        logits = logits.withRoom(rows + minimum);
        hidden = hidden.withRoom(tokens + minimum);
    }

    /** On a thread of the executor. */
    synchronized void run(Step step, Cancellation cancellation) {
        if (closed) {
            throw new IllegalStateException("cache: closed");
        }
        try (Arena run = Arena.ofConfined()) {
            new StepInputs(runtime, run, binding).bind(step);
            binding.output("logits", logits.tensor(runtime, run, step.rowsBefore(), step.paddedRows()));
            binding.output("hidden", hidden.tensor(runtime, run, step.begin(), step.paddedTokens()));
            session.run(binding, cancellation);
        }
    }

    /** After the steps of a forward: its nodes can be kept, and this is what they gave. */
    StepOutput end(TokenTree tree, int rows) {
        pending = tree;
        return new StepOutput(
                new NativeLogits(logits.segment(), rows, logits.width()),
                new NativeHiddenStates(hidden.segment(), tree.size(), hidden.width()));
    }

    /** Whether the first tokens have the same keys and values, bit by bit, as in a cache of the same capacity. */
    boolean sameBits(OnnxKvCache other, int tokens) {
        long headBytes = layout.rowBytes() * tokens;
        for (int i = 0; i < tensors.size(); i++) {
            MemorySegment mine = tensors.get(i).segment();
            MemorySegment its = other.tensors.get(i).segment();
            long stride = mine.byteSize() / layout.heads();
            for (int head = 0; head < layout.heads(); head++) {
                long begin = head * stride;
                if (mine.asSlice(begin, headBytes).mismatch(its.asSlice(begin, headBytes)) >= 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
