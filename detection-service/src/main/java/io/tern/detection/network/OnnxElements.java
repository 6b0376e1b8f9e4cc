package io.tern.detection.network;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Between the engine's float32 and the types that a model has at its ends: half floats, bytes of pixels, integers of
 * class ids and sizes, which float32 holds exactly up to 2^24.
 */
final class OnnxElements {
    private OnnxElements() {}

    /** For a float32 input the same memory, else a copy; bytes and integers are rounded, bytes also clamped. */
    static Tensor narrow(OnnxRuntime runtime, Arena arena, ElementType type, FloatTensor floats) {
        if (type == ElementType.FLOAT32) {
            return Tensor.of(runtime, arena, floats);
        }
        Tensor tensor = Tensor.allocate(runtime, arena, type, floats.shape());
        MemorySegment to = tensor.segment();
        for (long i = 0; i < floats.size(); i++) {
            float value = floats.get(i);
            switch (type) {
                case FLOAT16 -> to.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(value));
                case FLOAT64 -> to.setAtIndex(JAVA_DOUBLE, i, value);
                case UINT8 -> to.setAtIndex(JAVA_BYTE, i, (byte) Math.clamp(Math.round(value), 0, 255));
                case INT32 -> to.setAtIndex(JAVA_INT, i, Math.round(value));
                case INT64 -> to.setAtIndex(JAVA_LONG, i, Math.round(value));
                case BOOL -> to.setAtIndex(JAVA_BYTE, i, (byte) (value == 0 ? 0 : 1));
                case INT8, UINT16, INT16, UINT32, UINT64, STRING, BFLOAT16, FLOAT32 -> throw unknown(type);
            }
        }
        return tensor;
    }

    static FloatTensor widen(Tensor tensor, Arena arena) {
        if (tensor.type() == ElementType.FLOAT32) {
            return tensor.floats();
        }
        FloatTensor floats = FloatTensor.allocate(arena, tensor.shape());
        MemorySegment from = tensor.segment();
        for (long i = 0; i < floats.size(); i++) {
            floats.segment()
                    .setAtIndex(
                            JAVA_FLOAT,
                            i,
                            switch (tensor.type()) {
                                case FLOAT16 -> Float.float16ToFloat(from.getAtIndex(JAVA_SHORT, i));
                                case FLOAT64 -> (float) from.getAtIndex(JAVA_DOUBLE, i);
                                case UINT8 -> from.getAtIndex(JAVA_BYTE, i) & 0xff;
                                case INT8, BOOL -> from.getAtIndex(JAVA_BYTE, i);
                                case INT32 -> from.getAtIndex(JAVA_INT, i);
                                case INT64 -> from.getAtIndex(JAVA_LONG, i);
                                case UINT16, INT16, UINT32, UINT64, STRING, BFLOAT16, FLOAT32 ->
                                    throw unknown(tensor.type());
                            });
        }
        return floats;
    }

    private static IllegalArgumentException unknown(ElementType type) {
        return new IllegalArgumentException("element type: " + type + " (expected: another one at a detector's end)");
    }
}
