package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunTerminationTest {

    /** The first callback holds up the second, the run's, until the run is over: its options then serve another run. */
    @Test
    void aCancellationThatComesLateTouchesNothing() throws InterruptedException {
        Cancellation cancellation = new Cancellation();
        CountDownLatch cancelling = new CountDownLatch(1);
        CountDownLatch runIsOver = new CountDownLatch(1);
        cancellation.onCancel(() -> {
            cancelling.countDown();
            await(runIsOver);
        });
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Arena arena = Arena.ofShared()) {
            RunTermination run = RunTermination.watch(
                    runtime.api(), runOptions(runtime.api(), arena), cancellation, runtime.deadlines());
            Thread canceller = Thread.ofPlatform().start(cancellation::cancel);
            await(cancelling);
            run.close();
            runIsOver.countDown();
            canceller.join();
            assertThat(run.terminated()).isFalse();
        }
    }

    @Test
    void aCallerWhoHasGoneBeforeEndsTheRunAtItsStart() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Arena arena = Arena.ofShared();
                RunTermination run = RunTermination.watch(
                        runtime.api(), runOptions(runtime.api(), arena), cancellation, runtime.deadlines())) {
            assertThat(run.terminated()).isTrue();
        }
    }

    private static MemorySegment runOptions(OrtApi api, Arena arena) {
        MemorySegment out = arena.allocate(ADDRESS);
        api.call(OrtFunction.CREATE_RUN_OPTIONS, out);
        return api.own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_RUN_OPTIONS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
