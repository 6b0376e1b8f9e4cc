package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The values that a session, not its caller, allocates: on its device beforehand, or in a run. Safe for many threads. */
final class SessionMemory {
    private static final int CPU = 0; // OrtMemoryInfoDeviceType_CPU

    private final OrtApi api;
    private final Handle session;
    private final MemorySegment host;
    private final MemorySegment device;
    private @Nullable MemorySegment deviceAllocator; // guarded by this

    SessionMemory(OnnxRuntime runtime, Handle session, ExecutionProvider provider) {
        this.api = runtime.api();
        this.session = session;
        this.host = runtime.hostMemory();
        this.device = switch (provider) {
            case ExecutionProvider.Cpu _ -> OnnxRuntime.memoryInfo(session, "Cpu", 0);
            case ExecutionProvider.Cuda cuda -> OnnxRuntime.memoryInfo(session, "Cuda", cuda.device());
        };
    }

    /** {@code OrtMemoryInfo} of ordinary memory. */
    MemorySegment host() {
        return host;
    }

    /** {@code OrtMemoryInfo} of the memory where the session's kernels run. */
    MemorySegment device() {
        return device;
    }

    Tensor allocate(Arena arena, ElementType type, Shape shape) {
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
            return dependentTensor(out.get(ADDRESS, 0), arena);
        } catch (OnnxException failed) {
            throw failed.ofRun();
        }
    }

    /** A value that a run allocated. In host memory it keeps its allocator, so it may outlive the session. */
    Tensor adopt(MemorySegment value, Arena arena) {
        return isOnDevice(value)
                ? dependentTensor(value, arena)
                : tensor(value, arena, pointer -> api.invoke(OrtFunction.RELEASE_VALUE, pointer));
    }

    /** Its memory goes back to the session's allocator, so the session must stay. */
    private Tensor dependentTensor(MemorySegment value, Arena arena) {
        session.addDependent();
        return tensor(value, arena, pointer -> {
            api.invoke(OrtFunction.RELEASE_VALUE, pointer);
            session.removeDependent();
        });
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
        if (type == ElementType.STRING || isOnDevice(value)) {
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

    private synchronized MemorySegment deviceAllocator() {
        MemorySegment allocator = deviceAllocator;
        if (allocator == null) {
            try (Arena call = Arena.ofConfined()) {
                MemorySegment out = call.allocate(ADDRESS);
                api.call(OrtFunction.CREATE_ALLOCATOR, session.pointer(), device, out);
                allocator = session.attach(out.get(ADDRESS, 0), OrtFunction.RELEASE_ALLOCATOR);
                deviceAllocator = allocator;
            }
        }
        return allocator;
    }
}
