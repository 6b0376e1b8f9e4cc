package io.tern.launcher.host;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Memory of the machine and of processes, in bytes. */
public final class Memory {
    private static final Path MACHINE = Path.of("/proc/meminfo");

    private Memory() {}

    /** What new processes can use: what the kernel says is available, but not more than this container may have. */
    public static long availableBytes() {
        long allowed = system().getTotalMemorySize();
        // Elsewhere than on Linux the free memory leaves out what the system would give back at once.
        return Math.min(kilobytes(MACHINE, "MemAvailable:").orElse(allowed), allowed);
    }

    /** Resident set of a process, shared pages included; empty if it has ended. */
    public static OptionalLong residentBytes(long pid) {
        if (Files.exists(MACHINE)) {
            return kilobytes(Path.of("/proc", String.valueOf(pid), "status"), "VmRSS:");
        }
        return Tool.ask("ps", "-o", "rss=", "-p", String.valueOf(pid))
                .filter(answer -> answer.matches("\\d+"))
                .map(answer -> OptionalLong.of(Long.parseLong(answer) * 1024))
                .orElse(OptionalLong.empty());
    }

    /** {@code 1.2 GB}, {@code 240 MB}: decimal units, as disks and models are sold. */
    public static String text(long bytes) {
        return bytes >= 1_000_000_000L ? "%.1f GB".formatted(bytes / 1e9) : "%d MB".formatted(Math.round(bytes / 1e6));
    }

    private static OptionalLong kilobytes(Path file, String key) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException _) {
            return OptionalLong.empty();
        }
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst();
    }

    private static OperatingSystemMXBean system() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }
}
