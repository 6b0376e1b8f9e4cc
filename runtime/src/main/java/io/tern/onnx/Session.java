package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model. Many threads may run it at once, each with a {@link Binding} of its own; close its bindings and the
 * tensors that it allocated before it.
 */
public final class Session implements AutoCloseable {
    private static final int CPU = 0; // OrtMemoryInfoDeviceType_CPU

    private final OnnxRuntime runtime;
    private final OrtApi api;
    private final Handle handle;
    private final ModelSignature signature;
    private final ExecutionProvider provider;
    private final MemorySegment deviceMemory;
    private final Map<String, TensorInfo> inputs = new HashMap<>();
    private final Map<String, TensorInfo> outputs = new HashMap<>();
    private final Map<String, MemorySegment> names = new HashMap<>();
    // Of the simple way, as making one costs more than a small run: closing its arena stops all threads for a moment.
    private final Queue<Binding> idleBindings = new ConcurrentLinkedQueue<>();
    private @Nullable MemorySegment deviceAllocator; // guarded by this

    Session(OnnxRuntime runtime, Handle handle, ModelSignature signature, ExecutionProvider provider) {
        this.runtime = runtime;
        this.api = runtime.api();
        this.handle = handle;
        this.signature = signature;
        this.provider = provider;
        this.deviceMemory = switch (provider) {
            case ExecutionProvider.Cpu _ -> OnnxRuntime.memoryInfo(handle, "Cpu", 0);
            case ExecutionProvider.Cuda cuda -> OnnxRuntime.memoryInfo(handle, "Cuda", cuda.device());
        };
        signature.inputs().forEach(info -> inputs.put(info.name(), info));
        signature.outputs().forEach(info -> outputs.put(info.name(), info));
        // Once, so that no call makes C strings. Filled here only, so reading needs no lock.
        inputs.keySet().forEach(name -> names.put(name, handle.arena().allocateFrom(name)));
        outputs.keySet().forEach(name -> names.put(name, handle.arena().allocateFrom(name)));
        handle.closeWhenUnreachable(this);
    }

    public ModelSignature signature() {
        return signature;
    }

    public ExecutionProvider provider() {
        return provider;
    }

    /** A new, empty binding: one for each worker, or each slot. */
    public Binding bind() {
        return new Binding(this, api, handle);
    }

    /**
     * Runs the model on what is bound, and waits for it. Call it on a platform thread, as those of
     * {@link InferenceExecutor}: a native call holds the carrier of a virtual one.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED if the cancellation ended it, within the time of one kernel;
     *     INVALID_ARGUMENT if ONNX Runtime refuses an input; INTERNAL_ERROR if a kernel fails
     */
    public void run(Binding binding, Cancellation cancellation) {
        if (binding.session() != this) {
            throw new IllegalArgumentException("binding: of another session");
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("thread: virtual (expected: one of an InferenceExecutor)");
        }
        cancellation.throwIfCancelled();
        boolean onDevice = !(provider instanceof ExecutionProvider.Cpu);
        try {
            binding.run(handle.pointer(), cancellation, runtime.deadlines(), onDevice);
        } finally {
            Reference.reachabilityFence(this); // the cleaner must not see us as gone while we run
        }
    }

    /** The simple way: all inputs in, all outputs out, in host memory of the arena. */
    public Map<String, Tensor> run(Map<String, Tensor> inputTensors, Arena arena, Cancellation cancellation) {
        Binding idle = idleBindings.poll();
        Binding binding = idle != null ? idle : bind();
        try {
            inputTensors.forEach(binding::input);
            signature.outputs().forEach(info -> binding.outputToHost(info.name()));
            run(binding, cancellation);
            return binding.outputs(arena);
        } finally {
            binding.clearInputs();
            binding.clearOutputs();
            idleBindings.add(binding);
        }
    }

    /**
     * A tensor in the memory where the session's kernels run: what stays on the GPU between runs. Its contents are
     * undefined. Close its arena before the session.
     */
    public Tensor allocate(Arena arena, ElementType type, Shape shape) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            MemorySegment dimensions = call.allocateFrom(JAVA_LONG, shape.toArray());
            api.call(
                    OrtFunction.CREATE_TENSOR_AS_ORT_VALUE,
                    deviceAllocator(),
                    dimensions,
                    shape.rank(),
                    type.onnxCode(),
                    out);
            // The value's memory goes back to the session's allocator, so the session must stay.
            handle.addDependent();
            return tensor(out.get(ADDRESS, 0), arena, this::releaseDependent);
        }
    }

    /** @throws IllegalStateException while a run is in flight, or bindings or device tensors of it are open */
    @Override
    public void close() {
        for (Binding idle = idleBindings.poll(); idle != null; idle = idleBindings.poll()) {
            idle.close();
        }
        handle.close();
    }

    /** A value that a run allocated. In host memory it keeps its allocator, so it may outlive the session. */
    Tensor adopt(MemorySegment value, Arena arena) {
        if (isOnDevice(value)) {
            handle.addDependent();
            return tensor(value, arena, this::releaseDependent);
        }
        return tensor(value, arena, pointer -> api.invoke(OrtFunction.RELEASE_VALUE, pointer));
    }

    MemorySegment hostMemory() {
        return runtime.hostMemory();
    }

    MemorySegment deviceMemory() {
        return deviceMemory;
    }

    MemorySegment allocator() {
        return runtime.allocator();
    }

    /** The name as C reads it. */
    MemorySegment name(String name) {
        MemorySegment text = names.get(name);
        if (text == null) {
            throw new IllegalArgumentException("name: " + name);
        }
        return text;
    }

    void requireInput(String name, Tensor tensor) {
        requireFit("input ", inputs, name, tensor);
    }

    void requireOutput(String name, Tensor tensor) {
        requireFit("output ", outputs, name, tensor);
        if (!tensor.isOnDevice() && tensor.segment().isReadOnly()) {
            throw new IllegalArgumentException("output " + name + ": read-only memory (expected: writable)");
        }
    }

    TensorInfo requireOutput(String name) {
        return require("output ", outputs, name);
    }

    static TernException failed(OnnxException failed) {
        boolean refused = failed.ortCode() == OnnxException.INVALID_ARGUMENT;
        return refused
                ? new TernException(
                        ErrorCode.INVALID_ARGUMENT,
                        "inputs: refused by the model (expected: as its signature)",
                        "inputs",
                        failed)
                : new TernException(ErrorCode.INTERNAL_ERROR, "the model failed to run", null, failed);
    }

    private static void requireFit(String kind, Map<String, TensorInfo> infos, String name, Tensor tensor) {
        TensorInfo info = require(kind, infos, name);
        if (info.type() != tensor.type() || !info.accepts(tensor.shape())) {
            throw TernException.invalid(kind + name, tensor, info.expectation());
        }
    }

    private static TensorInfo require(String kind, Map<String, TensorInfo> infos, String name) {
        TensorInfo info = infos.get(name);
        if (info == null) {
            throw TernException.invalid(kind + "name", name, "one of " + infos.keySet());
        }
        return info;
    }

    private Tensor tensor(MemorySegment raw, Arena arena, Consumer<MemorySegment> release) {
        MemorySegment value = OrtApi.own(arena, raw, release);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            api.call(OrtFunction.GET_TENSOR_TYPE_AND_SHAPE, value, out);
            MemorySegment info = api.own(call, out.get(ADDRESS, 0), OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO);
            MemorySegment code = call.allocate(JAVA_INT);
            api.call(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info, code);
            ElementType type = ElementType.ofOnnx(code.get(JAVA_INT, 0));
            Shape shape = Shape.of(SignatureReader.dimensions(api, info, call));
            return new Tensor(value, data(value, arena, type, shape, out), type, shape);
        }
    }

    private MemorySegment data(MemorySegment value, Arena arena, ElementType type, Shape shape, MemorySegment out) {
        if (isOnDevice(value)) {
            return MemorySegment.NULL;
        }
        api.call(OrtFunction.GET_TENSOR_MUTABLE_DATA, value, out);
        // The value owns these bytes and the arena owns the value: they end together.
        return out.get(ADDRESS, 0).reinterpret(Tensor.sizeBytes(type, shape), arena, null);
    }

    private boolean isOnDevice(MemorySegment value) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            api.call(OrtFunction.GET_TENSOR_MEMORY_INFO, value, out);
            MemorySegment type = call.allocate(JAVA_INT);
            api.invoke(OrtFunction.MEMORY_INFO_GET_DEVICE_TYPE, out.get(ADDRESS, 0), type);
            return type.get(JAVA_INT, 0) != CPU;
        }
    }

    private void releaseDependent(MemorySegment value) {
        api.invoke(OrtFunction.RELEASE_VALUE, value);
        handle.removeDependent();
    }

    private synchronized MemorySegment deviceAllocator() {
        MemorySegment allocator = deviceAllocator;
        if (allocator == null) {
            try (Arena call = Arena.ofConfined()) {
                MemorySegment out = call.allocate(ADDRESS);
                api.call(OrtFunction.CREATE_ALLOCATOR, handle.pointer(), deviceMemory, out);
                allocator = handle.attach(out.get(ADDRESS, 0), OrtFunction.RELEASE_ALLOCATOR);
                deviceAllocator = allocator;
            }
        }
        return allocator;
    }
}
