package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes sessions: options from a {@link SessionConfig}, then the session, then its signature. */
final class SessionLoader {
    private static final int ALL_OPTIMIZATIONS = 99; // ORT_ENABLE_ALL

    private final OnnxRuntime runtime;
    private final OrtApi api;
    private final SessionConfig config;
    private final @Nullable SharedWeights weights;

    SessionLoader(OnnxRuntime runtime, SessionConfig config, @Nullable SharedWeights weights) {
        this.runtime = runtime;
        this.api = runtime.api();
        this.config = config;
        this.weights = weights;
    }

    Session load(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new TernException(
                    ErrorCode.NOT_FOUND, "model: " + name + " (expected: a readable file)", "model", null);
        }
        return load(name, file.toAbsolutePath(), (arena, options, out) -> {
            MemorySegment environment = runtime.environment().pointer();
            MemorySegment path = CStrings.path(arena, file);
            if (weights == null) {
                api.call(OrtFunction.CREATE_SESSION, environment, path, options, out);
            } else {
                api.call(
                        OrtFunction.CREATE_SESSION_WITH_PREPACKED_WEIGHTS_CONTAINER,
                        environment,
                        path,
                        options,
                        weights.container(),
                        out);
            }
        });
    }

    Session load(byte[] model) {
        return load(model.length + " bytes", null, (arena, options, out) -> {
            MemorySegment environment = runtime.environment().pointer();
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, model);
            if (weights == null) {
                api.call(OrtFunction.CREATE_SESSION_FROM_ARRAY, environment, bytes, model.length, options, out);
            } else {
                api.call(
                        OrtFunction.CREATE_SESSION_FROM_ARRAY_WITH_PREPACKED_WEIGHTS_CONTAINER,
                        environment,
                        bytes,
                        model.length,
                        options,
                        weights.container(),
                        out);
            }
        });
    }

    private Session load(String name, @Nullable Path file, Creation creation) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment options = options(arena, out);
            creation.create(arena, options, out);
            return session(name, out.get(ADDRESS, 0));
        } catch (OnnxException refused) {
            if (refused.isOfMemory()) {
                String message = "memory: not enough to load the model " + name + " now";
                throw new TernException(ErrorCode.OVERLOADED, message, null, refused);
            }
            throw invalid(
                    name + ": " + refused.ofModel(file),
                    "one that ONNX Runtime " + runtime.version() + " can load",
                    refused);
        }
    }

    private Session session(String name, MemorySegment pointer) {
        Handle[] owners = weights == null
                ? new Handle[] {runtime.environment()}
                : new Handle[] {runtime.environment(), weights.handle()};
        Handle handle = new Handle(api, "session", pointer, OrtFunction.RELEASE_SESSION, owners);
        try {
            ModelSignature signature = SignatureReader.read(api, handle.pointer(), runtime.allocator());
            return new Session(runtime, handle, signature, config.provider());
        } catch (IllegalArgumentException unsupported) {
            handle.close();
            throw invalid(
                    name + " with " + unsupported.getMessage(),
                    "tensors of numbers or strings as inputs and outputs",
                    unsupported);
        }
    }

    private MemorySegment options(Arena arena, MemorySegment out) {
        api.call(OrtFunction.CREATE_SESSION_OPTIONS, out);
        MemorySegment options = api.own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_SESSION_OPTIONS);
        int threads = Math.min(runtime.intraOpThreads(), config.mostThreads());
        api.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, options, threads);
        api.call(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, options, ALL_OPTIMIZATIONS);
        config.entries()
                .forEach((key, value) -> api.call(
                        OrtFunction.ADD_SESSION_CONFIG_ENTRY,
                        options,
                        arena.allocateFrom(key),
                        arena.allocateFrom(value)));
        if (weights != null) {
            weights.addTo(options, arena);
        }
        switch (config.provider()) {
            case ExecutionProvider.Cpu _ -> {} // always there, as the last resort of every session
            case ExecutionProvider.Cuda cuda -> appendCuda(options, cuda);
        }
        return options;
    }

    private void appendCuda(MemorySegment options, ExecutionProvider.Cuda cuda) {
        try {
            CudaOptions.append(api, options, cuda);
        } catch (OnnxException refused) {
            throw new TernException(
                    ErrorCode.UNAVAILABLE,
                    "provider: CUDA " + cuda.device() + " (expected: one of " + available() + ")",
                    null,
                    refused);
        }
    }

    private List<String> available() {
        return runtime.cudaAvailable() ? List.of("CPU", "a CUDA device of this machine") : List.of("CPU");
    }

    private static TernException invalid(String what, String expected, Throwable cause) {
        String message = "model: " + what + " (expected: " + expected + ")";
        return new TernException(ErrorCode.INVALID_ARGUMENT, message, "model", cause);
    }

    /** The call that makes the session and writes it to {@code out}. */
    @FunctionalInterface
    private interface Creation {
        void create(Arena arena, MemorySegment options, MemorySegment out);
    }
}
