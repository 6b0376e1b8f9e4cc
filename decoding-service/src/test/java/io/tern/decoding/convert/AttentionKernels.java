package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The attention kernels that our graphs use, each alone in a graph: of the decoder, and of encoders and U-Nets. */
final class AttentionKernels {
    static final int HEADS = 9;
    static final int KEY_VALUE_HEADS = 3;
    static final int SIZE = 64;
    static final float SCALE = 0.125f;

    private AttentionKernels() {}

    /** GroupQueryAttention as {@code DecoderGraph} has it, without rotation: keys of the past, a mask, grouped heads. */
    static Session decoder(OnnxRuntime runtime) {
        OnnxGraph graph = new OnnxGraph("decoder", "none", ElementType.FLOAT32);
        String heads = Integer.toString(KEY_VALUE_HEADS);
        String size = Integer.toString(SIZE);
        String packed = Integer.toString((HEADS + 2 * KEY_VALUE_HEADS) * SIZE);
        graph.input("packed", ElementType.FLOAT32, "1", "rows", packed);
        graph.input("past.key", ElementType.FLOAT32, "1", heads, "capacity", size);
        graph.input("past.value", ElementType.FLOAT32, "1", heads, "capacity", size);
        graph.input("seqlens_k", ElementType.INT32, "1");
        graph.input("total", ElementType.INT32, "1");
        graph.input("bias", ElementType.FLOAT32, "1", "1", "rows", "keys");
        graph.output("attended", ElementType.FLOAT32, "1", "rows", Integer.toString(HEADS * SIZE));
        graph.output("present.key", ElementType.FLOAT32, "1", heads, "capacity", size);
        graph.output("present.value", ElementType.FLOAT32, "1", heads, "capacity", size);
        graph.node(
                Operator.microsoft(
                        "GroupQueryAttention",
                        whole("num_heads", HEADS),
                        whole("kv_num_heads", KEY_VALUE_HEADS),
                        whole("do_rotary", 0),
                        real("scale", SCALE)),
                List.of("packed", "", "", "past.key", "past.value", "seqlens_k", "total", "", "", "", "bias"),
                List.of("attended", "present.key", "present.value"));
        return runtime.load(graph.toModel(0, Map.of()), SessionConfig.cpu());
    }

    /** MultiHeadAttention without a mask. */
    static Session encoder(OnnxRuntime runtime) {
        OnnxGraph graph = new OnnxGraph("encoder", "none", ElementType.FLOAT32);
        String width = Integer.toString(HEADS * SIZE);
        for (String input : List.of("query", "key", "value")) {
            graph.input(input, ElementType.FLOAT32, "1", "rows", width);
        }
        graph.output("attended", ElementType.FLOAT32, "1", "rows", width);
        graph.node(
                Operator.microsoft("MultiHeadAttention", whole("num_heads", HEADS), real("scale", SCALE)),
                List.of("query", "key", "value"),
                List.of("attended"));
        return runtime.load(graph.toModel(0, Map.of()), SessionConfig.cpu());
    }

    /** Normally distributed. */
    static Tensor random(OnnxRuntime runtime, Arena arena, long seed, long... shape) {
        Tensor tensor = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(shape));
        SplittableRandom random = new SplittableRandom(seed);
        long count = tensor.segment().byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return tensor;
    }

    /** Rows of one head out of [.., rows, heads, size], or out of [.., heads, rows, size] where stride is the size. */
    static float[][] rows(Tensor tensor, long offset, int rows, long stride) {
        float[][] values = new float[rows][SIZE];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < SIZE; i++) {
                values[row][i] = tensor.segment().getAtIndex(ValueLayout.JAVA_FLOAT, offset + row * stride + i);
            }
        }
        return values;
    }
}
