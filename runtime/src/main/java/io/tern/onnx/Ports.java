package io.tern.onnx;

import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A session's inputs and outputs by name: checks what is to be bound to them. Only read once made, so free for all threads. */
final class Ports {
    private final Map<String, TensorInfo> inputs = new LinkedHashMap<>();
    private final Map<String, TensorInfo> outputs = new LinkedHashMap<>();
    // As C strings, made once: no call has to.
    private final Map<String, MemorySegment> names = new LinkedHashMap<>();

    /** @param arena the session's own */
    Ports(ModelSignature signature, Arena arena) {
        signature.inputs().forEach(info -> inputs.put(info.name(), info));
        signature.outputs().forEach(info -> outputs.put(info.name(), info));
        inputs.keySet().forEach(name -> names.put(name, arena.allocateFrom(name)));
        outputs.keySet().forEach(name -> names.put(name, arena.allocateFrom(name)));
    }

    /** The name, of an input or output that was found before, as C reads it. */
    MemorySegment name(String name) {
        MemorySegment text = names.get(name);
        if (text == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: one of " + names.keySet() + ")");
        }
        return text;
    }

    void requireInput(String name, Tensor tensor) {
        requireFit("input ", inputs, name, tensor);
    }

    void requireOutput(String name, Tensor tensor) {
        requireFit("output ", outputs, name, tensor);
        if (!tensor.isOnDevice()
                && tensor.type() != ElementType.STRING
                && tensor.segment().isReadOnly()) {
            throw new IllegalArgumentException("output " + name + ": read-only memory (expected: writable)");
        }
    }

    void requireOutput(String name) {
        find("output ", outputs, name);
    }

    void requireAllInputs(Set<String> bound) {
        for (TensorInfo info : inputs.values()) {
            if (!bound.contains(info.name())) {
                throw TernException.invalid("input " + info.name(), null, info.expectation());
            }
        }
    }

    private static void requireFit(String kind, Map<String, TensorInfo> infos, String name, Tensor tensor) {
        TensorInfo info = find(kind, infos, name);
        if (info.type() != tensor.type() || !info.accepts(tensor.shape())) {
            throw TernException.invalid(kind + name, tensor, info.expectation());
        }
        tensor.requireAlive(name);
    }

    private static TensorInfo find(String kind, Map<String, TensorInfo> infos, String name) {
        TensorInfo info = infos.get(name);
        if (info == null) {
            throw TernException.invalid(kind + "name", name, "one of " + infos.keySet());
        }
        return info;
    }
}
