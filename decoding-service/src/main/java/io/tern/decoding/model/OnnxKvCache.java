package io.tern.decoding.model;

import io.tern.base.Cancellation;
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
    private final Arena arena = Arena.ofShared();
    private final OnnxRuntime runtime;
    private final int vocabularySize;
    private final KvLayout layout;
    private final KvBudget.Reservation reservation;
    private final int capacity;
    private final List<Tensor> tensors = new ArrayList<>();
    private final Session session;
    private final Binding binding;
    private final StepInputs inputs;
    private LogitsBuffer logits;
    private int boundRows = -1;
    private int length;
    private int pending;
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
            int vocabularySize,
            int capacity,
            int allocated) {
        this.runtime = runtime;
        this.vocabularySize = vocabularySize;
        this.layout = layout;
        this.reservation = reservation;
        this.capacity = capacity;
        this.session = session;
        this.binding = session.bind();
        try {
            bindKeysAndValues(allocated);
            this.inputs = new StepInputs(runtime, arena, binding);
            this.logits = new LogitsBuffer(runtime, 1, vocabularySize);
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
        if (tokens < 0 || tokens > pending) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: 0.." + pending + ")");
        }
        length += tokens;
        pending = 0;
    }

    @Override
    public void keep(int... path) {
        for (int i = 0; i < path.length; i++) {
            if (path[i] != i) {
                throw new IllegalArgumentException("path: " + Arrays.toString(path) + " (expected: 0, 1, 2, ...)");
            }
        }
        commit(path.length);
    }

    @Override
    public void truncate(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("length: " + length + " (expected: 0.." + this.length + ")");
        }
        this.length = length;
        pending = 0;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        binding.close();
        logits.close();
        arena.close();
        reservation.close();
    }

    /** Readies one step; the small inputs may be written while nothing runs. */
    void prepare(int[] chain, Step step) {
        inputs.tokens(chain, step.begin(), step.tokens(), step.paddedTokens());
        inputs.rows(step.tokens() - step.rows(), step.rows(), step.paddedRows());
        inputs.total(length + step.begin() + step.paddedTokens() + 1);
        bindLogits(step.paddedRows());
    }

    /** On a thread of the executor. */
    synchronized void run(Cancellation cancellation) {
        if (closed) {
            throw new IllegalStateException("cache: closed");
        }
        session.run(binding, cancellation);
    }

    /** What the last step gave. */
    Logits logits(int rows) {
        return logits.view(rows);
    }

    /** From now on so many tokens can be committed. */
    void pend(int tokens) {
        pending = tokens;
    }

    /** Whether the first tokens have the same keys and values, bit by bit, as in a cache of the same capacity. */
    boolean sameBits(OnnxKvCache other, int tokens) {
        long headBytes = layout.tensorBytes(1) / layout.heads() * tokens;
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

    /** More rows than ever before get a new buffer: what was handed out of the old one is valid until now only. */
    private void bindLogits(int rows) {
        LogitsBuffer old = logits;
        if (rows > old.rows()) {
            logits = new LogitsBuffer(runtime, Math.max(rows, 2 * old.rows()), vocabularySize);
        }
        if (rows != boundRows || logits != old) {
            binding.output("logits", logits.tensor(rows));
            boundRows = rows;
        }
        if (logits != old) {
            old.close();
        }
    }
}
