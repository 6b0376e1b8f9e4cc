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

    private JvmFlags() {}

    static List<String> of(Service service) {
        List<String> flags = new ArrayList<>(ALL);
        flags.addAll(
                switch (service) {
                    // One partition's worth of work. C1 alone halves start-up, and no code here is hot enough for C2.
                    case KAFKA -> List.of("-Xmx160m", "-XX:TieredStopAtLevel=1");
                    // A 25-megapixel picture is 75 MB of bytes, and a few of them are decoded at a time.
                    case DETECTION -> List.of("-Xmx512m");
                    // Weights and tensors live outside the heap, in ONNX Runtime's memory.
                    case GENERATION -> List.of("-Xmx320m");
                    case DECODING -> List.of("-Xmx384m");
                    case GATEWAY -> List.of("-Xmx320m");
                });
        return flags;
    }
}
