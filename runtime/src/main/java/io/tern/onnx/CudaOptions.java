package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/** The CUDA provider's options, {@code OrtCUDAProviderOptionsV2}. */
final class CudaOptions {
    private CudaOptions() {}

    /** The library without CUDA refuses to make the options. */
    static boolean available(OrtApi api) {
        try (Arena arena = Arena.ofConfined()) {
            create(api, arena);
            return true;
        } catch (OnnxException notInThisBuild) {
            return false;
        }
    }

    static void append(OrtApi api, MemorySegment sessionOptions, ExecutionProvider.Cuda cuda) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = create(api, arena);
            Map<String, String> entries = entries(cuda);
            MemorySegment keys = CStrings.array(arena, entries.keySet(), entries.size());
            MemorySegment values = CStrings.array(arena, entries.values(), entries.size());
            api.call(OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS, options, keys, values, entries.size());
            api.call(OrtFunction.SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2, sessionOptions, options);
        }
    }

    /** An option of the caller's wins over ours. */
    static Map<String, String> entries(ExecutionProvider.Cuda cuda) {
        Map<String, String> entries = new TreeMap<>();
        entries.put("device_id", Integer.toString(cuda.device()));
        if (cuda.memoryLimitBytes() < Long.MAX_VALUE) {
            entries.put("gpu_mem_limit", Long.toString(cuda.memoryLimitBytes()));
        }
        entries.putAll(cuda.options());
        return entries;
    }

    private static MemorySegment create(OrtApi api, Arena arena) {
        MemorySegment out = arena.allocate(ADDRESS);
        api.call(OrtFunction.CREATE_CUDA_PROVIDER_OPTIONS, out);
        return api.own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_CUDA_PROVIDER_OPTIONS);
    }
}
