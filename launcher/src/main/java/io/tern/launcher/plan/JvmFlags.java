package io.tern.launcher.plan;

import java.util.ArrayList;
import java.util.List;

/** The options of each process's JVM, in one place, each with its reason. */
final class JvmFlags {
    private static final List<String> ALL = List.of(
            // Heaps of a few hundred megabytes: the serial collector pauses briefly and costs no threads or tables.
            "-XX:+UseSerialGC",
            // Out of memory is final: end, and let the launcher start a clean process.
            "-XX:+ExitOnOutOfMemoryError",
            // Netty and protobuf still reach for sun.misc.Unsafe; the warning would be each log's first lines.
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * Ten times the usual calls before the second compiler steps in. Half a start-up's processor time went into code that
     * runs some thousand times and never again: measured on two cores, a service needs 2.7 s of it instead of 3.8 s, the
     * gateway 3.9 s instead of 5.0 s. What is really hot passes these marks within the first requests.
     */
    private static final List<String> LATE_SECOND_COMPILER = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000");

    /**
     * What a token leaves behind is gone at the next one, so a small young generation is swept as well as a large one, which
     * would be touched all over. And a heap that begins small collects before it grows: by itself it begins with a 64th of
     * the machine's memory, and fills that with what is over.
     */
    private static final List<String> HEAP_OF_TEXTS = List.of("-Xmn32m", "-Xms64m");

    private JvmFlags() {}

    static List<String> of(Service service) {
        List<String> flags = new ArrayList<>(ALL);
        flags.addAll(
                switch (service) {
                    // One machine's worth of jobs: no code of the broker is hot enough for the second compiler.
                    case KAFKA -> List.of("-XX:TieredStopAtLevel=1");
                    case DETECTION, GENERATION, DECODING, GATEWAY -> LATE_SECOND_COMPILER;
                });
        if (service == Service.DECODING) {
            flags.addAll(HEAP_OF_TEXTS);
        }
        flags.add("-Xmx" + heapMegabytes(service) + "m");
        return flags;
    }

    private static int heapMegabytes(Service service) {
        return switch (service) {
            // The cleaner's and the clients' buffers, with a third to spare.
            case KAFKA -> 160;
            // A 25-megapixel picture is 75 MB of bytes, and a few of them are decoded at a time.
            case DETECTION -> 512;
            // Weights and tensors lie outside the heap, in ONNX Runtime's memory.
            case GENERATION, GATEWAY -> 320;
            // Tokens and logits are small; the heap is for converting the default model at its first start.
            case DECODING -> 384;
        };
    }
}
