package io.tern.detection.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.detection.Golden;
import io.tern.detection.Npz;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.detection.network.OnnxNetworks;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The papers' operators as graphs, through the runtime: what a model that holds them computes. */
class GoldenGraphTest {
    private static OnnxNetworks networks;

    @BeforeAll
    static void open() {
        networks = new OnnxNetworks(2, 2, 100, "cpu", Path.of(System.getProperty("java.io.tmpdir"), "tern-native"));
    }

    @AfterAll
    static void close() {
        networks.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deform_conv_v1_0",
                "deform_conv_v1_3",
                "deform_conv_v1_7",
                "deform_conv_v2_1",
                "deform_conv_v2_4",
                "deform_conv_v2_6",
                "ps_roi_align_0",
                "ps_roi_align_1",
                "ps_roi_pool_0",
                "ps_roi_pool_1",
                "deform_ps_roi_0",
                "deform_ps_roi_1",
                "roi_align_0",
                "roi_align_1"
            })
    void computesWhatTorchvisionComputes(String name) {
        JsonNode shapes = Golden.json("ops/" + name + ".json").get("arrays");
        Path arrays = Golden.folder().resolve("ops/" + name + ".npz");
        Path graph = Golden.folder().resolve("ops/" + name + ".onnx");
        try (Arena arena = Arena.ofConfined()) {
            float[] found = networks.load(graph, (network, signature) -> {
                Map<String, FloatTensor> inputs = new HashMap<>();
                for (Port input : signature.inputs()) {
                    inputs.put(input.name(), tensor(shapes, arrays, input.name(), arena));
                }
                String output = signature.outputs().getFirst().name();
                try (network) {
                    return network.run(inputs, List.of(output), arena, Cancellation.none())
                            .get(output)
                            .toArray();
                }
            });
            double[] expected = Npz.read(arrays, found.length == size(shapes, "expected") ? "expected" : "vote");
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i]).as("value %d", i).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    private static long size(JsonNode shapes, String name) {
        long size = 1;
        for (JsonNode dimension : shapes.get(name).get(1)) {
            size *= dimension.longValue();
        }
        return size;
    }

    private static FloatTensor tensor(JsonNode shapes, Path arrays, String name, Arena arena) {
        JsonNode dimensions = shapes.get(name).get(1);
        long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).longValue();
        }
        double[] values = Npz.read(arrays, name);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return FloatTensor.copyOf(arena, Shape.of(shape), floats);
    }
}
