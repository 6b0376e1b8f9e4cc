package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConcurrentRunsTest {
    private static final int THREADS = 8;
    private static final int RUNS = 5000;

    @Test
    @Timeout(60)
    void manyThreadsShareASessionEachWithItsOwnBinding() throws InterruptedException {
        AtomicInteger right = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Session session = runtime.load(Models.AFFINE, SessionConfig.cpu())) {
            for (int seed = 0; seed < THREADS; seed++) {
                float first = seed;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    right.addAndGet(countRight(runtime, session, first));
                }));
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(right).hasValue(THREADS * RUNS);
    }

    private static int countRight(OnnxRuntime runtime, Session session, float first) {
        int right = 0;
        try (Arena arena = Arena.ofConfined();
                Binding binding = session.bind()) {
            Tensor x = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 3));
            Tensor y = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2));
            binding.input("x", x).output("y", y);
            FloatTensor in = x.floats();
            FloatTensor out = y.floats();
            for (int run = 0; run < RUNS; run++) {
                in.set(0, first);
                in.set(1, run);
                session.run(binding, Cancellation.none());
                boolean exact = out.get(0) == first + 3f * run + 0.5f && out.get(1) == 2 * first + 4f * run - 0.5f;
                right += exact ? 1 : 0;
            }
        }
        return right;
    }
}
