package io.tern.decoding.model;

import io.tern.base.Priority;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One sequence: its keys and values, and what the last forward gave. A run and {@link #close} exclude each other, since a
 * run writes to this memory.
 */
final class OnnxKvCache implements KvCache {
    private static final TokenTree NOTHING = TokenTree.chain();

    private final KvMemory memory;
    private final Runnable onClose;
    private final Consumer<OnnxKvCache> onEnd;
    private final int capacity;
    private final Priority priority;
    private RowBuffer logits;
    private RowBuffer hidden;
    private TokenTree pending = NOTHING;
    private int length;
    private boolean closed;
    private volatile boolean abandoned;

    /**
     * Takes over the memory.
     *
     * @param capacity tokens that fit
     * @param priority of its forwards
     * @param onClose once the memory is free
     * @param onEnd told that this sequence will not call again
     */
    OnnxKvCache(
            KvMemory memory,
            ModelInfo info,
            int capacity,
            Priority priority,
            Runnable onClose,
            Consumer<OnnxKvCache> onEnd) {
        this.memory = memory;
        this.onClose = onClose;
        this.onEnd = onEnd;
        this.capacity = capacity;
        this.priority = priority;
        this.logits = new RowBuffer(info.logitsWidth(), 1);
        this.hidden = new RowBuffer(info.hiddenWidth(), 1);
    }

    Priority priority() {
        return priority;
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
        int first = 0;
        while (first < path.length && path[first] == first) {
            first++; // where it is already
        }
        if (first < path.length) {
            int[] from =
                    Arrays.stream(path).skip(first).map(node -> length + node).toArray();
            memory.move(from, length + first);
        }
        length += path.length;
        pending = NOTHING;
    }

    @Override
    public void truncate(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("length: " + length + " (expected: 0.." + this.length + ")");
        }
        this.length = length;
        pending = NOTHING;
    }

    /** A run that is not coming back holds it: it is never freed. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public void close() {
        if (!abandoned) { // else the run has the lock for ever
            free();
        }
    }

    private synchronized void free() {
        if (closed) {
            return;
        }
        closed = true;
        logits.close();
        hidden.close();
        memory.close();
        onClose.run();
        onEnd.accept(this);
    }

    /** Its memory has been filled with so many tokens. */
    int fill(int tokens) {
        length = tokens;
        pending = NOTHING;
        return tokens;
    }

    /** Keeps the memory until the run is over. */
    synchronized void use(Runnable run) {
        if (closed) {
            throw new IllegalStateException("cache: closed");
        }
        run.run();
    }

    /** Begins a forward: nothing can be kept any more, and there is room for what it gives. */
    Forward begin(TokenTree tree, int rows, int minimum) {
        pending = NOTHING;
        logits = logits.withRoom(rows + minimum);
        hidden = hidden.withRoom(tree.size() + minimum);
        return new Forward(this, tree, rows, minimum);
    }

    /** Ends a forward: its nodes can be kept, and this is what they gave. */
    StepOutput end(TokenTree tree, int rows) {
        pending = tree;
        return new StepOutput(
                new NativeLogits(logits.segment(), rows, logits.width()),
                new NativeHiddenStates(hidden.segment(), hidden.width() == 0 ? 0 : tree.size(), hidden.width()));
    }

    KvMemory memory() {
        return memory;
    }

    RowBuffer logits() {
        return logits;
    }

    RowBuffer hidden() {
        return hidden;
    }

    /** Whether the first tokens have the same keys and values, bit by bit. */
    boolean sameBits(OnnxKvCache other, int tokens) {
        return memory.sameBits(other.memory, tokens);
    }
}
