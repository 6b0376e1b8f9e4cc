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
    private final OrtApi api;
    private final Handle handle;
    private final MemorySegment runOptions;
    private final AtomicBoolean inUse = new AtomicBoolean();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    // In the order of first binding, which is the order of GetBoundOutputValues.
    private final Map<String, Place> outputs = new LinkedHashMap<>();

    Binding(Session session, OrtApi api, Handle sessionHandle) {
        this.session = session;
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            api.call(OrtFunction.CREATE_IO_BINDING, sessionHandle.pointer(), out);
            handle = new Handle(api, "binding", out.get(ADDRESS, 0), OrtFunction.RELEASE_IO_BINDING, sessionHandle);
            api.call(OrtFunction.CREATE_RUN_OPTIONS, out);
            runOptions = handle.attach(out.get(ADDRESS, 0), OrtFunction.RELEASE_RUN_OPTIONS);
        }
        handle.closeWhenUnreachable(this);
    }

    /** @throws TernException INVALID_ARGUMENT for an unknown name, a wrong type or a wrong shape */
    public Binding input(String name, Tensor tensor) {
        enter();
        try {
            session.requireInput(name, tensor);
            tensor.requireAlive(name);
            api.call(OrtFunction.BIND_INPUT, handle.pointer(), session.name(name), tensor.value());
            inputs.put(name, tensor);
            return this;
        } finally {
            leave();
        }
    }

    /**
     * The run writes there; a run whose result has another shape fails.
     *
     * @throws TernException INVALID_ARGUMENT for an unknown name, a wrong type or a wrong shape
     */
    public Binding output(String name, Tensor tensor) {
        enter();
        try {
            session.requireOutput(name, tensor);
            tensor.requireAlive(name);
            api.call(OrtFunction.BIND_OUTPUT, handle.pointer(), session.name(name), tensor.value());
            outputs.put(name, new Place.Of(tensor));
            return this;
        } finally {
            leave();
        }
    }

    /** Each run allocates the output in this machine's own memory: for shapes that are known only after the run. */
    public Binding outputToHost(String name) {
        return outputTo(name, session.hostMemory());
    }

    /** Each run allocates the output where the session's kernels run. */
    public Binding outputToDevice(String name) {
        return outputTo(name, session.deviceMemory());
    }

    private Binding outputTo(String name, MemorySegment memory) {
        enter();
        try {
            session.requireOutput(name);
            api.call(OrtFunction.BIND_OUTPUT_TO_DEVICE, handle.pointer(), session.name(name), memory);
            outputs.put(name, new Place.Fresh(memory));
            return this;
        } finally {
            leave();
        }
    }

    /** The last run's outputs, in the order of binding; those that the run allocated live in the arena. */
    public Map<String, Tensor> outputs(Arena arena) {
        enter();
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            MemorySegment count = call.allocate(JAVA_LONG);
            api.call(OrtFunction.GET_BOUND_OUTPUT_VALUES, handle.pointer(), session.allocator(), out, count);
            MemorySegment array = out.get(ADDRESS, 0);
            try {
                return outputs(array.reinterpret(count.get(JAVA_LONG, 0) * ADDRESS.byteSize()), arena);
            } finally {
                api.call(OrtFunction.ALLOCATOR_FREE, session.allocator(), array);
            }
        } finally {
            leave();
        }
    }

    private Map<String, Tensor> outputs(MemorySegment values, Arena arena) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        long index = 0;
        for (Map.Entry<String, Place> entry : outputs.entrySet()) {
            MemorySegment value = values.getAtIndex(ADDRESS, index++);
            Tensor tensor = switch (entry.getValue()) {
                case Place.Fresh _ -> session.adopt(value, arena);
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
        enter();
        try {
            api.invoke(OrtFunction.CLEAR_BOUND_INPUTS, handle.pointer());
            inputs.clear();
        } finally {
            leave();
        }
    }

    public void clearOutputs() {
        enter();
        try {
            api.invoke(OrtFunction.CLEAR_BOUND_OUTPUTS, handle.pointer());
            outputs.clear();
        } finally {
            leave();
        }
    }

    /** @throws IllegalStateException during a run */
    @Override
    public void close() {
        enter();
        try {
            handle.close();
        } finally {
            leave();
        }
    }

    Session session() {
        return session;
    }

    void run(MemorySegment sessionPointer, Cancellation cancellation, DeadlineWatch deadlines, boolean onDevice) {
        enter();
        try {
            requireRunnable();
            renewFreshOutputs();
            if (onDevice) {
                copyInputsAgain();
            }
            run(sessionPointer, cancellation, deadlines);
        } finally {
            leave();
        }
    }

    private void run(MemorySegment sessionPointer, Cancellation cancellation, DeadlineWatch deadlines) {
        try (RunTermination termination = RunTermination.watch(api, runOptions, cancellation, deadlines)) {
            try {
                api.call(OrtFunction.RUN_WITH_BINDING, sessionPointer, runOptions, handle.pointer());
            } catch (OnnxException failed) {
                if (termination.terminated()) {
                    cancellation.throwIfCancelled();
                }
                throw Session.failed(failed);
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
                api.call(OrtFunction.BIND_INPUT, handle.pointer(), session.name(name), tensor.value());
            }
        });
        api.call(OrtFunction.SYNCHRONIZE_BOUND_INPUTS, handle.pointer());
    }

    private void requireRunnable() {
        for (TensorInfo info : session.signature().inputs()) {
            if (!inputs.containsKey(info.name())) {
                throw TernException.invalid("input " + info.name(), null, info.expectation());
            }
        }
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

    /** ONNX Runtime keeps what a run allocated and would write the next result over it, or refuse another shape. */
    private void renewFreshOutputs() {
        outputs.forEach((name, place) -> {
            if (place instanceof Place.Fresh(MemorySegment memory)) {
                api.call(OrtFunction.BIND_OUTPUT_TO_DEVICE, handle.pointer(), session.name(name), memory);
            }
        });
    }

    private void enter() {
        if (!inUse.compareAndSet(false, true)) {
            throw new IllegalStateException("binding: in use by another thread (expected: one thread at a time)");
        }
    }

    private void leave() {
        inUse.set(false);
    }

    /** Where an output goes. */
    private sealed interface Place {
        /** Over this tensor's memory. */
        record Of(Tensor tensor) implements Place {}

        /** To memory that each run allocates by this {@code OrtMemoryInfo}. */
        record Fresh(MemorySegment memory) implements Place {}
    }
}
