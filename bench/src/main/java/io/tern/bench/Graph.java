package io.tern.bench;

import io.tern.base.Cancellation;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.Tensor;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A graph of the bench with inputs of chance, the same at each run. */
final class Graph implements AutoCloseable {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 600;

    private final Session session;
    private final Arena arena = Arena.ofConfined();
    private final Map<String, Tensor> inputs = new HashMap<>();

    private Graph(OnnxRuntime runtime, String model, Shape features) throws IOException {
        session = runtime.load(bytes(model), SessionConfig.cpu());
        Random random = new Random(1);
        float[] values = new float[(int) features.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        inputs.put("features", Tensor.copyOf(runtime, arena, features, values));
    }

    /** A head over so many regions of a picture of 600 x 800 pixels. */
    static Graph head(OnnxRuntime runtime, String model, int regions) throws IOException {
        Graph graph = new Graph(runtime, model, Shape.of(1, 1024, 38, 50));
        Random random = new Random(2);
        float[] corners = new float[4 * regions];
        for (int i = 0; i < corners.length; i += 4) {
            corners[i] = random.nextFloat() * (WIDTH - 32);
            corners[i + 1] = random.nextFloat() * (HEIGHT - 32);
            corners[i + 2] = Math.min(WIDTH, corners[i] + 16 + random.nextFloat() * 300);
            corners[i + 3] = Math.min(HEIGHT, corners[i + 1] + 16 + random.nextFloat() * 300);
        }
        graph.inputs.put("rois", Tensor.copyOf(runtime, graph.arena, Shape.of(regions, 4), corners));
        return graph;
    }

    static Graph convolution(OnnxRuntime runtime, String model) throws IOException {
        return new Graph(runtime, model, Shape.of(1, 256, 38, 38));
    }

    /** A value of the first output. */
    double run() {
        try (Arena call = Arena.ofConfined()) {
            String first = session.signature().outputs().getFirst().name();
            Tensor output = session.run(inputs, call, Cancellation.none()).get(first);
            return Objects.requireNonNull(output, "the session's own output")
                    .floats()
                    .get(0);
        }
    }

    private static byte[] bytes(String model) throws IOException {
        try (var in = Graph.class.getResourceAsStream(model)) {
            if (in == null) {
                throw new IOException("no resource " + model);
            }
            return in.readAllBytes();
        }
    }

    @Override
    public void close() {
        arena.close();
        session.close();
    }
}
