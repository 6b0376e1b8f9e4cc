package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What could end the process is done in another one, which must end well and leave no crash report. */
@Timeout(120)
class ForkedJvmTest {
    @TempDir
    private Path folder;

    @Test
    void useAfterCloseAndCloseDuringUseNeverCrash() throws Exception {
        assertThat(fork(UseAfterClose.class, List.of())).isEqualTo("every misuse was refused");
    }

    @Test
    void closingARuntimeIsNotNeededToExit() throws Exception {
        assertThat(fork(ExitWithoutClose.class, List.of())).isEqualTo("exits");
    }

    /** ONNX Runtime 1.29.0 would end such a process, were its telemetry on. */
    @Test
    void aLongCommandLineDoesNoHarm() throws Exception {
        assertThat(fork(ExitWithoutClose.class, List.of("x".repeat(20_000)))).isEqualTo("exits");
    }

    @Test
    void leavesNoTraceOfTelemetry() throws Exception {
        fork(ExitWithoutClose.class, List.of());
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .allMatch(file -> file.startsWith("natives/") || file.equals("output"));
        }
    }

    /** The same process loads the model when it may take the memory: the limit was to blame and nothing else. */
    @Test
    void aLoadWithoutMemoryIsRefusedForNowAndTheNextOneLoads() throws Exception {
        assumeTrue(Files.isExecutable(LoadWithoutMemory.PRLIMIT), "prlimit limits the memory of a running process");
        assertThat(fork(LoadWithoutMemory.class, List.of()))
                .isEqualTo("overloaded: memory: not enough to load the model large.onnx now\nloaded");
    }

    private String fork(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-D" + OrtNatives.CACHE_PROPERTY + "=" + folder.resolve("natives"),
                "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                main.getName()));
        command.addAll(arguments);
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().remove("XDG_CACHE_HOME");
        Process process = builder.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("ends by itself").isTrue();
        assertThat(folder.resolve("hs_err.log")).doesNotExist();
        String text = Files.readString(output).strip();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    static final class LoadWithoutMemory {
        static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
        private static final int MODEL_BYTES = 200 << 20;
        /** Half of the model. */
        private static final long LEFT_BYTES = MODEL_BYTES / 2;

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Path model = Path.of("large.onnx");
            write(model);
            try (OnnxRuntime runtime = OnnxRuntime.open(2)) {
                limit(Long.toString(addressSpace() + LEFT_BYTES));
                try (Session _ = runtime.load(model, SessionConfig.cpu())) {
                    System.out.println("loaded with too little memory");
                } catch (TernException e) {
                    System.out.println(e.code().wireName() + ": " + e.getMessage());
                }
                limit("unlimited");
                try (Session _ = runtime.load(model, SessionConfig.cpu())) {
                    System.out.println("loaded");
                }
            }
        }

        /** y = w + x with zeros for w, which are a hole in the file. Fields as in onnx.proto, weights last. */
        private static void write(Path file) throws IOException {
            byte[] opset = message(8, join(field(2, 0), number(21)));
            byte[] ends = join(
                    message(1, join(text(1, "w"), text(1, "x"), text(2, "y"), text(4, "Add"))),
                    text(2, "g"),
                    message(11, value("x", 1)),
                    message(12, value("y", MODEL_BYTES / Float.BYTES)));
            byte[] head = join(
                    field(1, 0),
                    number(MODEL_BYTES / Float.BYTES),
                    field(2, 0),
                    number(1),
                    text(8, "w"),
                    field(9, 2),
                    number(MODEL_BYTES));
            byte[] weights = join(field(5, 2), number(head.length + MODEL_BYTES), head);
            byte[] graph = join(field(7, 2), number(ends.length + weights.length + MODEL_BYTES), ends, weights);
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.write(join(field(1, 0), number(10), opset, graph));
                out.setLength(out.length() + MODEL_BYTES);
            }
        }

        /** A float tensor of one dimension. */
        private static byte[] value(String name, int size) {
            byte[] shape = message(2, message(1, join(field(1, 0), number(size))));
            return join(text(1, name), message(2, message(1, join(field(1, 0), number(1), shape))));
        }

        private static byte[] text(int field, String text) {
            return message(field, text.getBytes(StandardCharsets.UTF_8));
        }

        private static byte[] message(int field, byte[] bytes) {
            return join(field(field, 2), number(bytes.length), bytes);
        }

        private static byte[] field(int field, int type) {
            return number(field << 3 | type);
        }

        private static byte[] number(int value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int left = value;
            while (left > 0x7f) {
                bytes.write(left & 0x7f | 0x80);
                left >>>= 7;
            }
            bytes.write(left);
            return bytes.toByteArray();
        }

        private static byte[] join(byte[]... parts) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                joined.writeBytes(part);
            }
            return joined.toByteArray();
        }

        private static long addressSpace() throws IOException {
            String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[0];
            return Long.parseLong(pages) * 4096;
        }

        /** Of this process, the soft limit alone, so that it can be lifted again. */
        private static void limit(String bytes) throws IOException, InterruptedException {
            String process = Long.toString(ProcessHandle.current().pid());
            int exit = new ProcessBuilder(PRLIMIT.toString(), "--pid", process, "--as=" + bytes + ":")
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("prlimit ended with " + exit);
            }
        }
    }

    static final class ExitWithoutClose {
        @SuppressWarnings("MustBeClosedChecker") // not closing is what is tried
        public static void main(String[] arguments) {
            OnnxRuntime runtime = OnnxRuntime.open(2);
            Arena arena = Arena.ofShared();
            Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
            Tensor x = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 3));
            session.run(Map.of("x", x), arena, Cancellation.none());
            System.out.println("exits");
        }
    }

    static final class UseAfterClose {
        public static void main(String[] arguments) throws InterruptedException {
            OnnxRuntime runtime = OnnxRuntime.open(2);
            closeEverythingDuringARun(runtime);
            for (int round = 0; round < 300; round++) {
                raceCloseAgainstRuns(runtime);
            }
            useClosedThings(runtime);
            System.out.println("every misuse was refused");
        }

        private static void closeEverythingDuringARun(OnnxRuntime runtime) throws InterruptedException {
            try (Arena arena = Arena.ofShared();
                    Session session = runtime.load(Models.LOOP, SessionConfig.cpu());
                    Binding binding = session.bind()) {
                Tensor steps = Tensor.copyOf(runtime, arena, Shape.of(), Long.MAX_VALUE);
                binding.input("steps", steps);
                binding.input("x", Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(64, 64)));
                binding.outputToHost("y");
                Cancellation cancellation = new Cancellation();
                Thread runner =
                        Thread.ofPlatform().start(() -> expect(ErrorCode.CANCELLED, session, binding, cancellation));
                while (!refused(() -> binding.input("steps", steps))) {
                    Thread.onSpinWait();
                }
                require(refused(session::close), "session.close() during a run");
                require(refused(binding::close), "binding.close() during a run");
                require(refused(runtime::close), "runtime.close() during a run");
                require(refused(() -> session.run(binding, Cancellation.none())), "a second run of a binding");
                cancellation.cancel();
                runner.join();
            }
        }

        /** One thread runs a binding until it cannot; another closes it and the session at any moment. */
        private static void raceCloseAgainstRuns(OnnxRuntime runtime) throws InterruptedException {
            try (Arena arena = Arena.ofShared()) {
                Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
                Binding binding = session.bind();
                Tensor x = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 3));
                binding.input("x", x).outputToHost("y");
                CountDownLatch running = new CountDownLatch(1);
                Thread runner = Thread.ofPlatform().start(() -> {
                    while (!refused(() -> session.run(binding, Cancellation.none()))) {
                        running.countDown();
                    }
                });
                running.await();
                while (refused(binding::close) || refused(session::close)) {
                    Thread.onSpinWait();
                }
                runner.join();
            }
        }

        @SuppressWarnings("MustBeClosedChecker") // using it after close is what is tried
        private static void useClosedThings(OnnxRuntime runtime) {
            Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
            Binding binding = session.bind();
            Arena arena = Arena.ofShared();
            Tensor x = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 3));
            binding.input("x", x).outputToHost("y");
            session.run(binding, Cancellation.none());
            Tensor y = binding.outputs(arena).get("y");
            arena.close();
            require(refused(() -> session.run(binding, Cancellation.none())), "a run on closed memory");
            require(refused(() -> binding.input("x", x)), "binding a closed tensor");
            require(refused(y::floats) || refused(() -> y.floats().get(0)), "reading a closed output");
            require(refused(() -> binding.outputs(arena)), "outputs into a closed arena");
            binding.close();
            require(refused(() -> session.run(binding, Cancellation.none())), "a run of a closed binding");
            session.close();
            require(refused(session::bind), "bind() of a closed session");
            runtime.close();
            require(refused(() -> runtime.load(Models.AFFINE, SessionConfig.cpu())), "load() of a closed runtime");
            require(
                    refused(() -> Tensor.allocate(runtime, Arena.global(), ElementType.FLOAT32, Shape.of(1))),
                    "a tensor of a closed runtime");
        }

        /** Again, when the probe of the other thread was in the binding at that moment. */
        private static void expect(ErrorCode code, Session session, Binding binding, Cancellation cancellation) {
            try {
                while (refused(() -> session.run(binding, cancellation))) {
                    Thread.onSpinWait();
                }
            } catch (TernException e) {
                require(e.code() == code, e.toString());
            }
        }

        private static boolean refused(Runnable use) {
            try {
                use.run();
                return false;
            } catch (IllegalStateException expected) {
                return true;
            }
        }

        private static void require(boolean condition, String what) {
            if (!condition) {
                System.out.println("not refused: " + what);
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
