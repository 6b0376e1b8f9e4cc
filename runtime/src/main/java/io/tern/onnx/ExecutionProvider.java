package io.tern.onnx;

import java.util.Map;

/** Where a session's kernels run. */
public sealed interface ExecutionProvider {

    /**
     * What a setting names: {@code cuda} is the first GPU, {@code auto} that GPU if this process's ONNX Runtime can use
     * one, and anything else the CPU.
     *
     * @param cudaOptions further options of the GPU, if it is that
     */
    static ExecutionProvider named(String device, OnnxRuntime runtime, Map<String, String> cudaOptions) {
        boolean cuda = device.equals("cuda") || (device.equals("auto") && runtime.cudaAvailable());
        return cuda ? new Cuda(0, Long.MAX_VALUE, cudaOptions) : new Cpu();
    }

    /** {@code cpu} or {@code cuda:0}. */
    default String label() {
        return switch (this) {
            case Cpu _ -> "cpu";
            case Cuda cuda -> "cuda:" + cuda.device();
        };
    }

    /** On the processor, by the session's threads. */
    record Cpu() implements ExecutionProvider {}

    /**
     * On a GPU; nodes without a CUDA kernel run on the CPU. Needs the Maven profile {@code cuda}, and CUDA 12's libraries on
     * the library path.
     *
     * @param device index of the GPU, from 0
     * @param memoryLimitBytes how much of its memory the session's arena may take; Long.MAX_VALUE for no limit
     * @param options further keys of {@code OrtCUDAProviderOptionsV2}, such as {@code use_tf32}
     */
    record Cuda(int device, long memoryLimitBytes, Map<String, String> options) implements ExecutionProvider {
        public Cuda {
            if (device < 0) {
                throw new IllegalArgumentException("device: " + device + " (expected: >= 0)");
            }
            if (memoryLimitBytes <= 0) {
                throw new IllegalArgumentException("memoryLimitBytes: " + memoryLimitBytes + " (expected: > 0)");
            }
            options = Map.copyOf(options);
        }

        /** Without a limit or further options. */
        public static Cuda device(int device) {
            return new Cuda(device, Long.MAX_VALUE, Map.of());
        }
    }
}
