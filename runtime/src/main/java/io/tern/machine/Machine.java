package io.tern.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What decides which kernels run: model, stepping and features of the processor, and the size of its L2 cache. */
public final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path L2_SIZE = Path.of("/sys/devices/system/cpu/cpu0/cache/index2/size");
    /** Keys of x86 and of Arm; the others change from moment to moment. */
    private static final Set<String> KEYS = Set.of(
            "vendor_id",
            "cpu family",
            "model",
            "model name",
            "stepping",
            "flags",
            "CPU implementer",
            "CPU architecture",
            "CPU variant",
            "CPU part",
            "CPU revision",
            "Features");

    private Machine() {}

    /**
     * On what the bits and the costs of runs depend beside the model.
     *
     * @param runtimeVersion of ONNX Runtime
     * @param device {@code cpu} or {@code cuda}
     * @param threads that graphs run on
     */
    public static String conditions(String runtimeVersion, String device, int threads) throws IOException {
        return "ONNX Runtime " + runtimeVersion + ", " + device + ", " + threads + " threads, " + describe();
    }

    /** Equal on two machines only if their kernels are the same. */
    private static String describe() throws IOException {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!Files.isReadable(CPU_INFO)) {
            return system + " " + System.getProperty("os.version");
        }
        String l2 = Files.isReadable(L2_SIZE) ? Files.readString(L2_SIZE).strip() : "unknown";
        return system + ", L2 " + l2 + ", " + processor(Files.readAllLines(CPU_INFO));
    }

    /** Of the first processor: its lines end at the first empty one. */
    static String processor(List<String> cpuInfo) {
        return cpuInfo.stream()
                .takeWhile(line -> !line.isBlank())
                .filter(line -> KEYS.contains(line.split(":", 2)[0].strip()))
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining(", "));
    }
}
