package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a session reads and writes in its next runs. Bound once, a tensor serves run after run: write new values into an
 * input's memory and run again. An input and an output may be bound to one tensor, which then changes in place if the
 * model's kernels allow it. Only the outputs that are bound are kept.
 *
 * <p>For one thread at a time: use by two is refused. The bound tensors' memory must stay open; a run refuses memory that
 * is closed, but nobody may close it during a run.
 */
public final class Binding implements AutoCloseable {
    private final Session session;
    private final OnnxRuntime runtime;
    private final OrtApi api;
    private final Handle handle;
    private final MemorySegment runOptions;
    private final AtomicBoolean inUse = new AtomicBoolean();
    private final Turn turn = () -> inUse.set(false);
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    // In the order of first binding, which is the order of GetBoundOutputValues.
    private final Map<String, Place> outputs = new LinkedHashMap<>();

    Binding(Session session, OnnxRuntime runtime) {
        this.session = session;
        this.runtime = runtime;
        this.api = runtime.api();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            api.call(OrtFunction.CREATE_IO_BINDING, session.handle().pointer(), out);
            MemorySegment binding = out.get(ADDRESS, 0);
            handle = new Handle(api, "binding", binding, OrtFunction.RELEASE_IO_BINDING, session.handle());
            api.call(OrtFunction.CREATE_RUN_OPTIONS, out);
            runOptions = handle.attach(out.get(ADDRESS, 0), OrtFunction.RELEASE_RUN_OPTIONS);
        }
        handle.closeWhenUnreachable(this);
    }

    /** @throws TernException INVALID_ARGUMENT for an unknown name, a wrong type or a wrong shape */
    public Binding input(String name, Tensor tensor) {
        try (Turn _ = enter()) {
            session.ports().requireInput(name, tensor);
            bindInput(name, tensor);
            inputs.put(name, tensor);
            return this;
        }
    }

    /**
     * The run writes there; a run whose result has another shape fails.
     *
     * @throws TernException INVALID_ARGUMENT for an unknown name, a wrong type or a wrong shape
     */
    public Binding output(String name, Tensor tensor) {
        try (Turn _ = enter()) {
            session.ports().requireOutput(name, tensor);
            api.call(OrtFunction.BIND_OUTPUT, handle.pointer(), session.ports().name(name), tensor.value());
            outputs.put(name, new Place.Of(tensor));
            return this;
        }
    }

    /** Each run allocates the output in this machine's own memory: for shapes that are known only after the run. */
    public Binding outputToHost(String name) {
        return outputTo(name, session.memory().host());
    }

    /** Each run allocates the output where the session's kernels run. */
    public Binding outputToDevice(String name) {
        return outputTo(name, session.memory().device());
    }

    private Binding outputTo(String name, MemorySegment memory) {
        try (Turn _ = enter()) {
            session.ports().requireOutput(name);
            bindFresh(name, memory);
            outputs.put(name, new Place.Fresh(memory));
            return this;
        }
    }

    /** The last run's outputs, in the order of binding; those that the run allocated live in the arena. */
    public Map<String, Tensor> outputs(Arena arena) {
        try (Turn _ = enter();
                Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            MemorySegment count = call.allocate(JAVA_LONG);
            api.call(OrtFunction.GET_BOUND_OUTPUT_VALUES, handle.pointer(), runtime.allocator(), out, count);
            MemorySegment array = out.get(ADDRESS, 0);
            try {
                return outputs(array.reinterpret(count.get(JAVA_LONG, 0) * ADDRESS.byteSize()), arena);
            } finally {
                api.call(OrtFunction.ALLOCATOR_FREE, runtime.allocator(), array);
            }
        }
    }

    private Map<String, Tensor> outputs(MemorySegment values, Arena arena) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        long index = 0;
        for (Map.Entry<String, Place> entry : outputs.entrySet()) {
            MemorySegment value = values.getAtIndex(ADDRESS, index++);
            Tensor tensor = switch (entry.getValue()) {
                case Place.Fresh _ -> session.memory().adopt(value, arena);
                case Place.Of(Tensor bound) -> {
                    api.invoke(OrtFunction.RELEASE_VALUE, value); // a second reference to a tensor that we have
                    yield bound;
                }
            };
            result.put(entry.getKey(), tensor);
        }
        return result;
    }

    public void clearInputs() {
        try (Turn _ = enter()) {
            api.invoke(OrtFunction.CLEAR_BOUND_INPUTS, handle.pointer());
            inputs.clear();
        }
    }

    public void clearOutputs() {
        try (Turn _ = enter()) {
            api.invoke(OrtFunction.CLEAR_BOUND_OUTPUTS, handle.pointer());
            outputs.clear();
        }
    }

    /** @throws IllegalStateException during a run */
    @Override
    public void close() {
        try (Turn _ = enter()) {
            handle.close();
        }
    }

    Session session() {
        return session;
    }

    void run(Cancellation cancellation, boolean onDevice) {
        try (Turn _ = enter()) {
            requireRunnable();
            renewFreshOutputs();
            if (onDevice) {
                copyInputsAgain();
            }
            runBound(cancellation);
        }
    }

    private void runBound(Cancellation cancellation) {
        try (RunTermination run = RunTermination.watch(api, runOptions, cancellation, runtime.deadlines())) {
            try {
                api.call(OrtFunction.RUN_WITH_BINDING, session.handle().pointer(), runOptions, handle.pointer());
            } catch (OnnxException failed) {
                if (run.terminated()) {
                    cancellation.throwIfCancelled();
                }
                throw failed.ofRun();
            }
        }
    }

    /**
     * A device gets its copy of an input at BindInput, not at the run. So that new values in an input's memory count on a
     * device as they do on the CPU, all that are in host memory are bound again.
     */
    void copyInputsAgain() {
        inputs.forEach((name, tensor) -> {
            if (!tensor.isOnDevice()) {
                bindInput(name, tensor);
            }
        });
        api.call(OrtFunction.SYNCHRONIZE_BOUND_INPUTS, handle.pointer());
    }

    /** ONNX Runtime keeps what a run allocated and would write the next result over it, or refuse another shape. */
    private void renewFreshOutputs() {
        outputs.forEach((name, place) -> {
            if (place instanceof Place.Fresh(MemorySegment memory)) {
                bindFresh(name, memory);
            }
        });
    }

    private void bindInput(String name, Tensor tensor) {
        api.call(OrtFunction.BIND_INPUT, handle.pointer(), session.ports().name(name), tensor.value());
    }

    private void bindFresh(String name, MemorySegment memory) {
        api.call(
                OrtFunction.BIND_OUTPUT_TO_DEVICE,
                handle.pointer(),
                session.ports().name(name),
                memory);
    }

    private void requireRunnable() {
        session.ports().requireAllInputs(inputs.keySet());
        if (outputs.isEmpty()) {
            throw new IllegalStateException("outputs: none bound (expected: at least one)");
        }
        inputs.forEach((name, tensor) -> tensor.requireAlive(name));
        outputs.forEach((name, place) -> {
            if (place instanceof Place.Of(Tensor tensor)) {
                tensor.requireAlive(name);
            }
        });
    }

    private Turn enter() {
        if (!inUse.compareAndSet(false, true)) {
            throw new IllegalStateException("binding: in use by another thread (expected: one thread at a time)");
        }
        return turn;
    }

    /** One thread's use of this binding, until it closes it. */
    @FunctionalInterface
    private interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Where an output goes. */
    private sealed interface Place {
        /** Over this tensor's memory. */
        record Of(Tensor tensor) implements Place {}

        /** To memory that each run allocates by this {@code OrtMemoryInfo}. */
        record Fresh(MemorySegment memory) implements Place {}
    }
}
