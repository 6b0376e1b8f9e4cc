package io.tern.decoding.convert;

import io.tern.base.Cancellation;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A process of its own that tells how much memory the kernels need at most for a text and for one of twice the length. */
final class AttentionMemory {
    static final int LENGTH = 1024;
    private static final int KIBIBYTE = 1024;

    private AttentionMemory() {}

    public static void main(String[] arguments) throws IOException {
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Session decoder = AttentionKernels.decoder(runtime);
                Session encoder = AttentionKernels.encoder(runtime)) {
            for (int length : new int[] {LENGTH, 2 * LENGTH}) {
                System.out.println("decoder " + length + " " + peakBytes(runtime, decoder, length));
            }
            for (int length : new int[] {LENGTH, 2 * LENGTH}) {
                System.out.println("encoder " + length + " " + peakBytes(runtime, encoder, length));
            }
        }
    }

    private static long peakBytes(OnnxRuntime runtime, Session session, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> inputs = new HashMap<>();
            if (session.signature().inputs().stream()
                    .anyMatch(input -> input.name().equals("packed"))) {
                long width = (AttentionKernels.HEADS + 2L * AttentionKernels.KEY_VALUE_HEADS) * AttentionKernels.SIZE;
                inputs.put("packed", AttentionKernels.random(runtime, arena, 1, 1, length, width));
                inputs.put("past.key", past(runtime, arena, length));
                inputs.put("past.value", past(runtime, arena, length));
                inputs.put("seqlens_k", Tensor.copyOf(runtime, arena, Shape.of(1), length - 1));
                inputs.put("total", Tensor.copyOf(runtime, arena, Shape.of(1), length));
                Tensor bias = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 1, length, length));
                bias.segment().fill((byte) 0); // so that its pages are there before the run
                inputs.put("bias", bias);
            } else {
                long width = (long) AttentionKernels.HEADS * AttentionKernels.SIZE;
                for (String name : new String[] {"query", "key", "value"}) {
                    inputs.put(name, AttentionKernels.random(runtime, arena, 3, 1, length, width));
                }
            }
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak begins anew
            long before = status("VmRSS:");
            session.run(inputs, arena, Cancellation.none());
            return status("VmHWM:") - before;
        }
    }

    private static Tensor past(OnnxRuntime runtime, Arena arena, int length) {
        return AttentionKernels.random(
                runtime, arena, 4, 1, AttentionKernels.KEY_VALUE_HEADS, length, AttentionKernels.SIZE);
    }

    private static long status(String key) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(entry -> entry.startsWith(key))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
    }
}
