package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that would take years, unless they are ended: a test that passes late fails by its timeout. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // as an endless native run hears no interrupt
class RunCancellationTest {
    private static OnnxRuntime runtime;
    private static Session loop;
    private final Arena arena = Arena.ofShared();
    private final Binding binding = loop.bind();
    private final Tensor steps = Tensor.copyOf(runtime, arena, Shape.of(), Long.MAX_VALUE);
    private final Tensor y = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(64, 64));

    RunCancellationTest() {
        Tensor x = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(64, 64));
        x.floats().set(0, 1);
        binding.input("steps", steps).input("x", x).output("y", y);
    }

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(2);
        loop = runtime.load(Models.LOOP, SessionConfig.cpu());
    }

    @AfterAll
    static void close() {
        loop.close();
        runtime.close();
    }

    @AfterEach
    void closeBinding() {
        binding.close();
        arena.close();
    }

    @Test
    void endsARunThatIsCancelledFromAnotherThread() throws InterruptedException {
        Cancellation cancellation = new Cancellation();
        Thread canceller = cancelOnceItRuns(cancellation);
        assertEnds(cancellation, ErrorCode.CANCELLED);
        canceller.join();
        assertTheNextRunIsWhole();
    }

    @Test
    void endsARunAtItsDeadlineThoughNobodyAsks() {
        assertEnds(Cancellation.withTimeout(30_000_000), ErrorCode.DEADLINE_EXCEEDED);
        assertTheNextRunIsWhole();
    }

    @Test
    void doesNotStartForACallerWhoHasGone() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        assertEnds(cancellation, ErrorCode.CANCELLED);
        assertEnds(Cancellation.withTimeout(-1), ErrorCode.DEADLINE_EXCEEDED);
        assertTheNextRunIsWhole();
    }

    @Test
    void manyCancellationsAroundTheEndOfARunNeverSpoilTheNext() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            Cancellation cancellation = new Cancellation();
            steps.segment().set(ValueLayout.JAVA_LONG, 0, round);
            Thread canceller = Thread.ofPlatform().start(cancellation::cancel);
            try {
                loop.run(binding, cancellation);
            } catch (TernException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
            }
            assertTheNextRunIsWhole();
            canceller.join();
        }
    }

    @Test
    void forgetsTheCallbackAfterEachRun() {
        Cancellation cancellation = Cancellation.withTimeout(Long.MAX_VALUE / 2);
        steps.segment().fill((byte) 0);
        for (int round = 0; round < 1000; round++) {
            loop.run(binding, cancellation);
        }
        cancellation.cancel();
        assertTheNextRunIsWhole();
    }

    /** 64 rotations bring the first element back to its place. */
    private void assertTheNextRunIsWhole() {
        steps.segment().set(ValueLayout.JAVA_LONG, 0, 64);
        y.segment().fill((byte) 0);
        loop.run(binding, Cancellation.none());
        assertThat(y.floats().get(0)).isEqualTo(1f);
        steps.segment().set(ValueLayout.JAVA_LONG, 0, Long.MAX_VALUE);
    }

    private void assertEnds(Cancellation cancellation, ErrorCode code) {
        assertThatThrownBy(() -> run(cancellation))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** Again, when the probe of another thread was in the binding at that moment. */
    private void run(Cancellation cancellation) {
        while (true) {
            try {
                loop.run(binding, cancellation);
                return;
            } catch (IllegalStateException probed) {
                Thread.onSpinWait();
            }
        }
    }

    /** The binding refuses a second user while it runs, which is how another thread sees that it does. */
    private Thread cancelOnceItRuns(Cancellation cancellation) {
        return Thread.ofPlatform().start(() -> {
            while (true) {
                try {
                    binding.input("steps", steps);
                } catch (IllegalStateException running) {
                    break;
                }
            }
            cancellation.cancel();
        });
    }
}
