package io.tern.launcher.host;

import io.tern.launcher.LaunchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The machine, before anything is started on it. The same checks stand behind {@code up} and {@code doctor}. */
public final class HostChecks {
    private static final int NEEDED_JDK = 25;
    private static final long NEEDED_MEMORY_BYTES = 3_000_000_000L;
    private static final long NEEDED_DISK_BYTES = 2_000_000_000L;
    private static final long USEFUL_FILES = 4096;

    private HostChecks() {}

    /** What stops a start; quick. */
    public static List<Check> essential(Path data) {
        return List.of(jdk(Runtime.version().feature()), memory(Memory.availableBytes()), disk(usableBytes(data)));
    }

    /**
     * What a curious or unlucky reader wants to know besides.
     *
     * @param service jar of one that can use a GPU
     */
    public static List<Check> further(Path service) {
        return List.of(
                python(),
                program("node", "needed to build the console", "node", "--version"),
                program("npm", "needed to build the console", "npm", "--version"),
                program("maven", "needed to build", "mvn", "-v"),
                openFiles(Tool.ask("sh", "-c", "ulimit -n")),
                cache(Tool.ask("getconf", "LEVEL2_CACHE_SIZE")),
                cpuFlags(),
                device(
                        Tool.ask("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"),
                        hasCuda(service)));
    }

    static Check jdk(int feature) {
        return feature >= NEEDED_JDK
                ? Check.ok("jdk", Runtime.version().toString())
                : Check.fail(
                        "jdk",
                        "Java " + feature + " is too old (expected: " + NEEDED_JDK + " or newer)",
                        "install a JDK " + NEEDED_JDK + " and set JAVA_HOME to it");
    }

    static Check memory(long available) {
        String found = Memory.text(available) + " available";
        return available >= NEEDED_MEMORY_BYTES
                ? Check.ok("memory", found)
                : Check.fail(
                        "memory",
                        found + " (expected: " + Memory.text(NEEDED_MEMORY_BYTES) + ")",
                        "end other programs or use a larger machine");
    }

    static Check disk(long usable) {
        String found = Memory.text(usable) + " free";
        return usable >= NEEDED_DISK_BYTES
                ? Check.ok("disk", found)
                : Check.fail(
                        "disk",
                        found + " (expected: " + Memory.text(NEEDED_DISK_BYTES) + ")",
                        "make room, or choose a folder on another disk: ./tern up --data DIR");
    }

    /** Needed when models are to be fetched, so its absence alone stops nothing. */
    public static Check python() {
        return Tool.ask("python3", "-m", "pip", "--version")
                .map(version -> Check.ok("python3, pip", version.replaceFirst(" from .*", "")))
                .orElse(Check.note(
                        "python3, pip",
                        "python3 with pip was not found; it fetches models",
                        "install it, for example: apt-get install python3-pip"));
    }

    static Check openFiles(Optional<String> limit) {
        String found = limit.orElse("unknown");
        boolean few = found.matches("\\d{1,9}") && Long.parseLong(found) < USEFUL_FILES;
        return few
                ? Check.note("open files", "at most " + found, "raise it for many clients: ulimit -n 20000")
                : Check.ok("open files", "at most " + found);
    }

    /** ONNX Runtime's kernels tile by the second-level cache; some virtual machines hide its size, and then they tile badly. */
    static Check cache(Optional<String> level2) {
        boolean known = level2.filter(size -> size.matches("[1-9]\\d*")).isPresent();
        return known
                ? Check.ok("L2 cache", level2.map(Long::parseLong).orElseThrow() / 1024 + " KiB")
                : Check.note(
                        "L2 cache",
                        "the system does not tell its size",
                        "matrix products may be slower than they could be; another machine type may tell");
    }

    static Check device(Optional<String> gpu, boolean cudaBuild) {
        if (gpu.filter(text -> !text.isEmpty()).isEmpty()) {
            return Check.ok("device", "cpu (no NVIDIA GPU found)");
        }
        String found = gpu.orElseThrow().lines().findFirst().orElseThrow();
        return cudaBuild
                ? Check.ok("device", "cuda:0, " + found)
                : Check.note(
                        "device",
                        "cpu, though there is a GPU: " + found,
                        "build and start with CUDA by: MAVEN_OPTS=-Dcuda ./tern up");
    }

    private static Check program(String name, String purpose, String... command) {
        return Tool.ask(command)
                .map(answer ->
                        Check.ok(name, answer.lines().findFirst().orElse("").replaceAll("\u001B\\[[0-9;]*m", "")))
                .orElse(Check.note(name, "not found; " + purpose, "install it before you build"));
    }

    private static Check cpuFlags() {
        String name = "cpu";
        String processors = Runtime.getRuntime().availableProcessors() + " processors";
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            List<String> flags = lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line -> Arrays.asList(line.split("\\s+", -1)))
                    .orElse(List.of());
            List<String> useful = Stream.of("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm")
                    .filter(flags::contains)
                    .toList();
            return Check.ok(name, processors + (useful.isEmpty() ? "" : ", " + String.join(" ", useful)));
        } catch (IOException _) {
            return Check.ok(
                    name, processors + ", " + System.getProperty("os.arch").toLowerCase(Locale.ROOT));
        }
    }

    /** By the class path of a service's jar: libraries of an earlier build may still lie in the folder. */
    private static boolean hasCuda(Path service) {
        try (JarFile jar = new JarFile(service.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest != null
                    && String.valueOf(manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH))
                            .contains("lib/onnxruntime_gpu-");
        } catch (IOException _) {
            return false;
        }
    }

    /** Of the nearest folder that exists: the data folder itself may be new. */
    private static long usableBytes(Path data) {
        Path folder = data.toAbsolutePath();
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new LaunchFailure(
                    "cannot read the free space at " + folder, "choose another: ./tern up --data DIR", e);
        }
    }
}
