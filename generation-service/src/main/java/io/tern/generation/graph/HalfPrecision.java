package io.tern.generation.graph;

import io.tern.onnx.Tensor;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.ValueLayout;

/** A float16 tensor of a graph beside the same numbers in float32. */
record HalfPrecision(Tensor half, FloatTensor wide) {
    void narrow() {
        for (long i = 0; i < wide.size(); i++) {
            half.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(wide.get(i)));
        }
    }

    void widen() {
        for (long i = 0; i < wide.size(); i++) {
            wide.set(i, Float.float16ToFloat(half.segment().getAtIndex(ValueLayout.JAVA_SHORT, i)));
        }
    }
}
