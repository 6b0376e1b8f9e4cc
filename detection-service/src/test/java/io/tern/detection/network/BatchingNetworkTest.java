package io.tern.detection.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.ClassFilter;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.PictureResult;
import io.tern.detection.family.DetectorFamilies;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatchingNetworkTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    @TempDir
    Path cache;

    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

    /** Doubles each value. */
    private final Network doubling = (inputs, outputs, arena, cancellation) -> {
        FloatTensor x = inputs.get("x");
        sizes.add((int) x.shape().dimension(0));
        FloatTensor y = FloatTensor.allocate(arena, x.shape());
        for (long i = 0; i < x.size(); i++) {
            y.set(i, 2 * x.get(i));
        }
        return Map.of("y", y);
    };

    @Test
    void runsAFullBatchAtOnceAndGivesEachItsRow() throws Exception {
        BatchingNetwork network = new BatchingNetwork(doubling, new BatchLimits(4, LONG, 1));
        List<float[]> results = together(8, i -> call(network, Cancellation.none(), i, -i));
        assertThat(sizes).containsExactly(4, 4);
        for (int i = 0; i < 8; i++) {
            assertThat(results.get(i)).containsExactly(2 * i, -2 * i);
        }
    }

    @Test
    void waitsNoLongerThanTheDelay() throws Exception {
        BatchingNetwork network = new BatchingNetwork(doubling, new BatchLimits(64, SHORT, 1));
        assertThat(call(network, Cancellation.none(), 1)).containsExactly(2);
        assertThat(together(5, i -> call(network, Cancellation.none(), i))).hasSize(5);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
    }

    @Test
    void gathersWhileOthersRun() throws Exception {
        CountDownLatch firstRuns = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Network slow = (inputs, outputs, arena, cancellation) -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            firstRuns.countDown();
            await(mayEnd);
            var results = doubling.run(inputs, outputs, arena, cancellation);
            inside.decrementAndGet();
            return results;
        };
        BatchingNetwork network = new BatchingNetwork(slow, new BatchLimits(8, Duration.ZERO, 1));
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<float[]> first = threads.submit(() -> call(network, Cancellation.none(), 1));
            await(firstRuns);
            List<Future<float[]>> others = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                others.add(threads.submit(() -> call(network, Cancellation.none(), 3)));
            }
            awaitWaiting(network, 6);
            mayEnd.countDown();
            assertThat(first.get()).containsExactly(2);
            for (Future<float[]> other : others) {
                assertThat(other.get()).containsExactly(6);
            }
        }
        assertThat(most.get()).as("runs at a time").isEqualTo(1);
        assertThat(sizes).containsExactly(1, 6);
    }

    @Test
    void inputsOfOtherShapesShareNoRun() throws Exception {
        BatchingNetwork network = new BatchingNetwork(doubling, new BatchLimits(8, SHORT, 4));
        List<float[]> results = together(
                40,
                i -> i % 2 == 0 ? call(network, Cancellation.none(), i) : call(network, Cancellation.none(), i, i, i));
        for (int i = 0; i < 40; i++) {
            assertThat(results.get(i)).hasSize(i % 2 == 0 ? 1 : 3).containsOnly(2 * i);
        }
    }

    @Test
    void aFailureIsToldToWhoIsToBlameAndToNobodyElse() throws Exception {
        Network failing = (inputs, outputs, arena, cancellation) -> {
            FloatTensor x = inputs.get("x");
            for (long i = 0; i < x.size(); i++) {
                if (x.get(i) < 0) {
                    throw new IllegalStateException("negative");
                }
            }
            return doubling.run(inputs, outputs, arena, cancellation);
        };
        BatchingNetwork network = new BatchingNetwork(failing, new BatchLimits(2, LONG, 1));
        List<float[]> bad = together(2, i -> {
            try {
                return call(network, Cancellation.none(), i - 1);
            } catch (IllegalStateException e) {
                return new float[0];
            }
        });
        assertThat(bad.get(0)).isEmpty();
        assertThat(bad.get(1)).containsExactly(0);
        assertThat(together(2, i -> call(network, Cancellation.none(), i)).get(1))
                .containsExactly(2);
    }

    @Test
    void whoLeavesHarmsNobody() throws Exception {
        BatchingNetwork network = new BatchingNetwork(doubling, new BatchLimits(3, LONG, 1));
        Cancellation leaving = new Cancellation();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<float[]> first = threads.submit(() -> call(network, Cancellation.none(), 1));
            awaitWaiting(network, 1);
            Future<float[]> gone = threads.submit(() -> call(network, leaving, 2));
            awaitWaiting(network, 2);
            leaving.cancel();
            assertThatThrownBy(gone::get).hasCauseInstanceOf(TernException.class);
            Future<float[]> third = threads.submit(() -> call(network, Cancellation.none(), 3));
            awaitWaiting(network, 2);
            assertThat(call(network, Cancellation.none(), 4)).containsExactly(8);
            assertThat(first.get()).containsExactly(2);
            assertThat(third.get()).containsExactly(6);
        }
        assertThat(sizes).containsExactly(3);
    }

    private static void awaitWaiting(BatchingNetwork network, int calls) {
        while (network.waiting() < calls) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aCallThatIsCancelledAloneEndsAtOnce() throws Exception {
        BatchingNetwork network = new BatchingNetwork(doubling, new BatchLimits(8, LONG, 1));
        Cancellation cancellation = new Cancellation();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<float[]> waiting = threads.submit(() -> call(network, cancellation, 1));
            awaitWaiting(network, 1);
            cancellation.cancel();
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(TernException.class);
        }
    }

    /** The promise: the same boxes, to the last bit, alone and in company. */
    @Test
    void aDetectorFindsTheSameAloneAndInABatch() throws Exception {
        try (OnnxNetworks networks = new OnnxNetworks(2, 4, 4, "cpu", cache)) {
            Detector alone = networks.load(
                    Golden.MODEL,
                    (network, signature) -> new Detector(network, DetectorFamilies.recognise(network, signature)));
            Detector batched = networks.load(
                    Golden.MODEL,
                    (network, signature) -> new Detector(
                            new BatchingNetwork(network, new BatchLimits(4, LONG, 1)),
                            DetectorFamilies.recognise(network, signature)));
            DetectionOptions options = new DetectionOptions(0.05f, 0.6, ClassFilter.all(), 100);
            List<PictureResult> found = together(
                    4,
                    i -> networks.onWorker(
                            () -> batched.detect(Golden.picture(Golden.PICTURES.get(i)), options, Cancellation.none()),
                            Cancellation.none()));
            for (int i = 0; i < 4; i++) {
                String picture = Golden.PICTURES.get(i);
                assertThat(found.get(i).detections())
                        .as(picture)
                        .isNotEmpty()
                        .isEqualTo(networks.onWorker(
                                () -> alone.detect(Golden.picture(picture), options, Cancellation.none())
                                        .detections(),
                                Cancellation.none()));
            }
            alone.close();
            batched.close();
        }
    }

    /** As many rows as there are boxes, where somebody wants no more than one run at a time. */
    @Test
    void aCallAloneGetsResultsOfWhateverShape() {
        Network counting = (inputs, outputs, arena, cancellation) ->
                Map.of("y", FloatTensor.copyOf(arena, Shape.of(3, 1), new float[] {1, 2, 3}));
        BatchingNetwork network = new BatchingNetwork(counting, new BatchLimits(1, LONG, 1));
        assertThat(call(network, Cancellation.none(), 1)).containsExactly(1, 2, 3);
    }

    @Test
    void seesWhetherRowsDependOnEachOther() {
        Network mixing = (inputs, outputs, arena, cancellation) -> {
            FloatTensor x = inputs.get("x");
            FloatTensor y = FloatTensor.allocate(arena, x.shape());
            for (long i = 0; i < x.size(); i++) {
                y.set(i, x.get(i) + x.get(0));
            }
            return Map.of("y", y);
        };
        Network counting =
                (inputs, outputs, arena, cancellation) -> Map.of("y", FloatTensor.allocate(arena, Shape.of(3, 1)));
        try (Arena arena = Arena.ofConfined()) {
            var one = Map.of("x", FloatTensor.copyOf(arena, Shape.of(1, 2), new float[] {1, 2}));
            var other = Map.of("x", FloatTensor.copyOf(arena, Shape.of(1, 2), new float[] {3, 4}));
            assertThat(BatchingNetwork.keepsRowsApart(doubling, one, other, List.of("y")))
                    .isTrue();
            assertThat(BatchingNetwork.keepsRowsApart(mixing, one, other, List.of("y")))
                    .isFalse();
            assertThat(BatchingNetwork.keepsRowsApart(counting, one, other, List.of("y")))
                    .isFalse();
        }
    }

    private interface Call<T> {
        T with(int index) throws Exception;
    }

    /** On as many threads, from one start line. */
    private static <T> List<T> together(int count, Call<T> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                calls.add(() -> {
                    start.await();
                    return call.with(index);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        }
    }

    private static float[] call(Network network, Cancellation cancellation, float... values) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = FloatTensor.copyOf(arena, Shape.of(1, values.length), values);
            return network.run(Map.of("x", x), List.of("y"), arena, cancellation)
                    .get("y")
                    .toArray();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
