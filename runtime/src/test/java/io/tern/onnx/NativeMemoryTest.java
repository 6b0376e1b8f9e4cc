package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counts the bytes that malloc has given out and not got back, which glibc tells exactly. */
class NativeMemoryTest {
    private static final int BLOCKS = 4;
    private static final int ROUNDS = 1000;

    /** The least that one leaked native object of ours costs is far above; what the JVM takes for itself is far below. */
    private static final long NOISE_BYTES_PER_ROUND = 24;

    @Test
    void nothingIsLeftOfTensorsBindingsOutputsAndFailedCalls() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Session session = runtime.load(Models.AFFINE, SessionConfig.cpu())) {
            assertThat(bytesPerRound(() -> useAll(runtime, session))).isLessThan(NOISE_BYTES_PER_ROUND);
        }
    }

    @Test
    void nothingIsLeftOfSessionsAndSharedWeights() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2)) {
            byte[] model = Models.bytes(Models.AFFINE);
            assertThat(bytesPerRound(() -> loadAndClose(runtime, model))).isLessThan(NOISE_BYTES_PER_ROUND);
        }
    }

    /** The control: the meter sees a tensor (about 100 bytes) that is forgotten each round. */
    @Test
    void theMeterSeesALeak() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Arena forgotten = Arena.ofShared()) {
            assertThat(bytesPerRound(() -> Tensor.allocate(runtime, forgotten, ElementType.FLOAT32, Shape.of(1, 3))))
                    .isGreaterThan(2 * NOISE_BYTES_PER_ROUND);
        }
    }

    /** An unreachable binding and session are closed by the cleaner, late but not never. */
    @Test
    void theCleanerClosesWhatNobodyCanReach() {
        OnnxRuntime runtime = OnnxRuntime.open(2);
        loseABinding(runtime);
        for (int attempt = 0; attempt < 1000; attempt++) {
            System.gc();
            try {
                runtime.close();
                return;
            } catch (IllegalStateException stillOpen) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the session is still open");
    }

    private static void loseABinding(OnnxRuntime runtime) {
        runtime.load(Models.AFFINE, SessionConfig.cpu()).bind();
    }

    private static void useAll(OnnxRuntime runtime, Session session) {
        try (Arena arena = Arena.ofConfined();
                Binding binding = session.bind()) {
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
            Tensor wrong = session.allocate(arena, ElementType.FLOAT32, Shape.of(9, 2));
            binding.input("x", x).outputToHost("y");
            session.run(binding, Cancellation.none());
            binding.outputs(arena);
            binding.output("y", Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2)));
            session.run(binding, Cancellation.none());
            binding.outputs(arena);
            binding.output("y", wrong);
            try {
                session.run(binding, Cancellation.none());
                throw new AssertionError("an output of the wrong shape was accepted");
            } catch (TernException expected) {
                binding.clearOutputs();
            }
            session.run(Map.of("x", x), arena, Cancellation.withTimeout(Long.MAX_VALUE / 2));
        }
    }

    private static void loadAndClose(OnnxRuntime runtime, byte[] model) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor w = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(3, 2));
            try (SharedWeights weights = SharedWeights.of(runtime, Map.of("w", w));
                    Session session = runtime.load(model, SessionConfig.cpu(), weights)) {
                assertThat(session.signature().inputs()).hasSize(1);
            }
        }
    }

    /** The least of several blocks: a leak is in each, the compiler's and the caches' own growth is in the first ones. */
    private static long bytesPerRound(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int block = 0; block < BLOCKS; block++) {
            long before = allocatedBytes();
            for (int index = 0; index < ROUNDS; index++) {
                round.run();
            }
            least = Math.min(least, (allocatedBytes() - before) / ROUNDS);
        }
        return least;
    }

    /** {@code mallinfo2().uordblks + hblkhd}: small blocks, and those mapped one by one. */
    private static long allocatedBytes() {
        MemoryLayout layout = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
        MemoryLayout struct = MemoryLayout.structLayout(layout);
        Linker linker = Linker.nativeLinker();
        var symbol = linker.defaultLookup().find("mallinfo2");
        assumeTrue(symbol.isPresent(), "no mallinfo2 in this C library");
        MethodHandle function = linker.downcallHandle(symbol.get(), FunctionDescriptor.of(struct));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) function.invoke((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, 7) + info.getAtIndex(ValueLayout.JAVA_LONG, 4);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
