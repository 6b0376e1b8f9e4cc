package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a session's signature and its model's metadata. */
final class SignatureReader {
    private final OrtApi api;
    private final MemorySegment session;
    private final MemorySegment allocator;
    private final Arena arena;

    private SignatureReader(OrtApi api, MemorySegment session, MemorySegment allocator, Arena arena) {
        this.api = api;
        this.session = session;
        this.allocator = allocator;
        this.arena = arena;
    }

    /** @param allocator the default one, from which ORT takes the memory of names */
    static ModelSignature read(OrtApi api, MemorySegment session, MemorySegment allocator) {
        try (Arena arena = Arena.ofConfined()) {
            SignatureReader reader = new SignatureReader(api, session, allocator, arena);
            List<TensorInfo> inputs = reader.infos(
                    OrtFunction.SESSION_GET_INPUT_COUNT,
                    OrtFunction.SESSION_GET_INPUT_NAME,
                    OrtFunction.SESSION_GET_INPUT_TYPE_INFO);
            List<TensorInfo> outputs = reader.infos(
                    OrtFunction.SESSION_GET_OUTPUT_COUNT,
                    OrtFunction.SESSION_GET_OUTPUT_NAME,
                    OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO);
            return reader.withMetadata(inputs, outputs);
        }
    }

    private List<TensorInfo> infos(OrtFunction countOf, OrtFunction nameOf, OrtFunction typeOf) {
        MemorySegment count = arena.allocate(JAVA_LONG);
        api.call(countOf, session, count);
        List<TensorInfo> infos = new ArrayList<>();
        for (long index = 0; index < count.get(JAVA_LONG, 0); index++) {
            MemorySegment out = arena.allocate(ADDRESS);
            api.call(nameOf, session, index, allocator, out);
            String name = take(out);
            api.call(typeOf, session, index, out);
            MemorySegment type = api.own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_TYPE_INFO);
            infos.add(info(name, type, out));
        }
        return infos;
    }

    private TensorInfo info(String name, MemorySegment type, MemorySegment out) {
        api.call(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, type, out);
        MemorySegment tensor = out.get(ADDRESS, 0);
        if (tensor.address() == 0) {
            throw new IllegalArgumentException(name + ": a sequence or map (expected: a tensor)");
        }
        MemorySegment code = arena.allocate(JAVA_INT);
        api.call(OrtFunction.GET_TENSOR_ELEMENT_TYPE, tensor, code);
        long[] dimensions = dimensions(api, tensor, arena);
        MemorySegment names = arena.allocate(ADDRESS, dimensions.length);
        api.call(OrtFunction.GET_SYMBOLIC_DIMENSIONS, tensor, names, dimensions.length);
        List<String> dimensionNames = new ArrayList<>();
        for (int axis = 0; axis < dimensions.length; axis++) {
            dimensionNames.add(CStrings.read(names.getAtIndex(ADDRESS, axis)));
        }
        boolean hasShape = api.test(OrtFunction.TENSOR_TYPE_AND_SHAPE_HAS_SHAPE, tensor);
        ElementType element = ElementType.ofOnnx(code.get(JAVA_INT, 0));
        return new TensorInfo(name, element, Shape.of(dimensions), dimensionNames, hasShape);
    }

    /** Of an {@code OrtTensorTypeAndShapeInfo}. */
    static long[] dimensions(OrtApi api, MemorySegment info, Arena arena) {
        MemorySegment count = arena.allocate(JAVA_LONG);
        api.call(OrtFunction.GET_DIMENSIONS_COUNT, info, count);
        long rank = count.get(JAVA_LONG, 0);
        MemorySegment dimensions = arena.allocate(JAVA_LONG, rank);
        api.call(OrtFunction.GET_DIMENSIONS, info, dimensions, rank);
        return dimensions.toArray(JAVA_LONG);
    }

    private ModelSignature withMetadata(List<TensorInfo> inputs, List<TensorInfo> outputs) {
        MemorySegment out = arena.allocate(ADDRESS);
        api.call(OrtFunction.SESSION_GET_MODEL_METADATA, session, out);
        MemorySegment metadata = api.own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_MODEL_METADATA);
        api.call(OrtFunction.MODEL_METADATA_GET_PRODUCER_NAME, metadata, allocator, out);
        return new ModelSignature(inputs, outputs, take(out), properties(metadata, out));
    }

    private Map<String, String> properties(MemorySegment metadata, MemorySegment out) {
        MemorySegment count = arena.allocate(JAVA_LONG);
        api.call(OrtFunction.MODEL_METADATA_GET_CUSTOM_METADATA_MAP_KEYS, metadata, allocator, out, count);
        long size = count.get(JAVA_LONG, 0);
        Map<String, String> properties = new HashMap<>();
        if (size == 0) {
            return properties; // and the array is null
        }
        MemorySegment array = out.get(ADDRESS, 0);
        MemorySegment keys = array.reinterpret(size * ADDRESS.byteSize());
        for (long index = 0; index < size; index++) {
            MemorySegment key = keys.getAtIndex(ADDRESS, index);
            api.call(OrtFunction.MODEL_METADATA_LOOKUP_CUSTOM_METADATA_MAP, metadata, allocator, key, out);
            properties.put(CStrings.read(key), take(out));
            api.call(OrtFunction.ALLOCATOR_FREE, allocator, key);
        }
        api.call(OrtFunction.ALLOCATOR_FREE, allocator, array);
        return properties;
    }

    /** Copies a text that ORT allocated for us, and frees it. */
    private String take(MemorySegment out) {
        MemorySegment text = out.get(ADDRESS, 0);
        String copy = CStrings.read(text);
        api.call(OrtFunction.ALLOCATOR_FREE, allocator, text);
        return copy;
    }
}
