package io.tern.detection.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.detection.Golden;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.Tensor;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OnnxSessionsTest {
    private static final Path CACHE = Path.of(System.getProperty("java.io.tmpdir"), "tern-native");
    private static final Shape PICTURE = Shape.of(1, 3, 416, 416);

    @Test
    void runsOnOneThreadWhileAllAreBusy() {
        AtomicBoolean isBusy = new AtomicBoolean();
        try (OnnxRuntime runtime = OnnxRuntime.open(2, CACHE);
                Arena arena = Arena.ofConfined()) {
            Session cut = runtime.load(Golden.MODEL, SessionConfig.cpu());
            Session whole = runtime.load(Golden.MODEL, SessionConfig.cpu().onOneThread());
            try (OnnxSessions sessions = new OnnxSessions(cut, whole, isBusy::get)) {
                String input = sessions.signature().inputs().getFirst().name();
                String output = sessions.signature().outputs().getFirst().name();
                Map<String, Tensor> picture = Map.of(input, Tensor.copyOf(runtime, arena, PICTURE, noise(1)));
                FloatTensor alone = sessions.run(picture, List.of(output), arena, Cancellation.none())
                        .get(output)
                        .floats();
                isBusy.set(true);
                cut.close(); // so that a run of it would fail
                FloatTensor beside = sessions.run(picture, List.of(output), arena, Cancellation.none())
                        .get(output)
                        .floats();
                assertThat(beside.toArray()).isEqualTo(alone.toArray());
                isBusy.set(false);
                assertThatThrownBy(() -> sessions.run(picture, List.of(output), arena, Cancellation.none()))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    /** Callers of two workers, whose runs find the other busy or not as it happens. */
    @Test
    void hasTheSameBitsBesideOthers() throws Exception {
        try (OnnxNetworks networks = new OnnxNetworks(2, 2, 16, "cpu", CACHE);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                Loaded model = networks.load(Golden.MODEL, Loaded::new)) {
            List<float[]> alone = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                alone.add(model.run(networks, seed));
            }
            List<Future<float[]>> together = new ArrayList<>();
            for (int call = 0; call < 16; call++) {
                int seed = call % 4;
                together.add(callers.submit(() -> model.run(networks, seed)));
            }
            for (int call = 0; call < 16; call++) {
                assertThat(together.get(call).get()).isEqualTo(alone.get(call % 4));
            }
        }
    }

    private record Loaded(Network network, NetworkSignature signature) implements AutoCloseable {
        float[] run(OnnxNetworks networks, int seed) {
            String input = signature.inputs().getFirst().name();
            String output = signature.outputs().getFirst().name();
            return networks.onWorker(
                    () -> {
                        try (Arena arena = Arena.ofConfined()) {
                            FloatTensor picture = FloatTensor.copyOf(arena, PICTURE, noise(seed));
                            return network.run(Map.of(input, picture), List.of(output), arena, Cancellation.none())
                                    .get(output)
                                    .toArray();
                        }
                    },
                    Cancellation.none());
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static float[] noise(int seed) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(PICTURE.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
