package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Weights that several sessions use from one place, with the copies that kernels rearrange for themselves ("prepacked").
 * Give it tensors over a mapped file; their memory must stay until this is closed, and this until its sessions are. Safe
 * for many threads.
 */
public final class SharedWeights implements AutoCloseable {
    private final OrtApi api;
    private final Map<String, Tensor> initializers;
    private final Handle container;

    private SharedWeights(OrtApi api, Map<String, Tensor> initializers, Handle container) {
        this.api = api;
        this.initializers = initializers;
        this.container = container;
    }

    /** @param initializers by their names in the models */
    public static SharedWeights of(OnnxRuntime runtime, Map<String, Tensor> initializers) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            runtime.api().call(OrtFunction.CREATE_PREPACKED_WEIGHTS_CONTAINER, out);
            Handle container = new Handle(
                    runtime.api(),
                    "shared weights",
                    out.get(ADDRESS, 0),
                    OrtFunction.RELEASE_PREPACKED_WEIGHTS_CONTAINER,
                    runtime.environment());
            SharedWeights weights = new SharedWeights(runtime.api(), Map.copyOf(initializers), container);
            container.closeWhenUnreachable(weights);
            return weights;
        }
    }

    /** @throws IllegalStateException while a session uses them */
    @Override
    public void close() {
        container.close();
    }

    Handle handle() {
        return container;
    }

    MemorySegment container() {
        return container.pointer();
    }

    void addTo(MemorySegment sessionOptions, Arena arena) {
        initializers.forEach((name, tensor) -> {
            tensor.requireAlive(name);
            api.call(OrtFunction.ADD_INITIALIZER, sessionOptions, arena.allocateFrom(name), tensor.value());
        });
    }
}
