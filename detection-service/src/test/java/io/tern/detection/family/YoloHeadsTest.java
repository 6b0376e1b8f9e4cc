package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grids of 64 x 96 pixels in which one place of one anchor has something; its box is worked out by hand. */
class YoloHeadsTest {
    private static final int HEIGHT = 64;
    private static final int WIDTH = 96;
    private static final int CLASSES = 80;
    private static final Graph V5 = new Graph(Set.of("Conv"), Set.of("model.24.m.0.weight"), List.of(), Set.of());
    private static final Graph V7 = new Graph(Set.of("Conv"), Set.of("model.105.m.0.weight"), List.of(), Set.of());

    /** Logits of 0 are halves: the middle of a place, and an anchor as it is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decodesAPlaceByItsAnchor(boolean inPlanes) {
        DetectorFamily family = recognise(V5, inPlanes, Map.of());
        // stride 16, second anchor (62 x 45), row 2, column 3
        assertFound(family, inPlanes, new Box(56 - 31, 40 - 22.5, 56 + 31, 40 + 22.5));
    }

    @ParameterizedTest
    @CsvSource({"false, '', 76, 55", "true, '[[1,2,3,4,5,6],[1,2,30.5,40,5,6],[1,2,3,4,5,6]]', 30.5, 40"})
    void anchorsAreThoseOfItsKindOrOfTheMetadata(boolean told, String anchors, double width, double height) {
        DetectorFamily family = recognise(V7, false, told ? Map.of("anchors", anchors) : Map.of());
        assertFound(family, false, new Box(56 - width / 2, 40 - height / 2, 56 + width / 2, 40 + height / 2));
    }

    @Test
    void refusesAnchorsOfAnotherCount() {
        assertThatThrownBy(() -> recognise(V5, false, Map.of("anchors", "1,2,3,4")))
                .hasMessage("anchors of the model: 1,2,3,4 (expected: 18 numbers in the metadata, width and height of "
                        + "three for each of 3 grids)");
    }

    private static void assertFound(DetectorFamily family, boolean inPlanes, Box box) {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, FloatTensor> outputs = new HashMap<>();
            for (int stride : new int[] {8, 16, 32}) {
                outputs.put("grid" + stride, grid(arena, stride, inPlanes));
            }
            List<ScoredBox> found = family.decode(
                    outputs,
                    Placement.stretched(WIDTH, HEIGHT, WIDTH, HEIGHT),
                    new CandidateFilter(0.3f, _ -> true, 10));
            assertThat(found).hasSize(1);
            ScoredBox one = found.getFirst();
            assertThat(one.classId()).isEqualTo(7);
            assertThat(one.score()).isCloseTo(0.8808f * 0.9526f, within(1e-3f)); // sigmoids of 2 and 3
            assertThat(one.box().iou(box)).isGreaterThan(0.9999f);
        }
    }

    private static FloatTensor grid(Arena arena, int stride, boolean inPlanes) {
        int rows = HEIGHT / stride;
        int columns = WIDTH / stride;
        int numbers = CLASSES + 5;
        Shape shape = inPlanes ? Shape.of(1, 3L * numbers, rows, columns) : Shape.of(1, 3, rows, columns, numbers);
        FloatTensor grid = FloatTensor.allocate(arena, shape);
        for (int anchor = 0; anchor < 3; anchor++) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    boolean here = stride == 16 && anchor == 1 && row == 2 && column == 3;
                    for (int number = 0; number < numbers; number++) {
                        float logit = number < 4 ? 0 : !here ? -9 : number == 4 ? 2 : number == 5 + 7 ? 3 : -9;
                        long at = inPlanes
                                ? ((long) (anchor * numbers + number) * rows + row) * columns + column
                                : ((long) (anchor * rows + row) * columns + column) * numbers + number;
                        grid.set(at, logit);
                    }
                }
            }
        }
        return grid;
    }

    /** As Darknet's exports of v3 and v4, whose boxes are computed otherwise. */
    @Test
    void planesOfUnknownOriginAreNotGuessedAt() {
        Graph unnamed = new Graph(Set.of("Conv"), Set.of("conv_58.weight"), List.of(), Set.of());
        assertThatThrownBy(() -> recognise(unnamed, true, Map.of())).hasMessageContaining("YOLO v3, v5, v7 without");
    }

    private static DetectorFamily recognise(Graph graph, boolean inPlanes, Map<String, String> metadata) {
        Network network = (inputs, outputs, arena, cancellation) -> Map.of(
                "grid8", grid(arena, 8, inPlanes),
                "grid16", grid(arena, 16, inPlanes),
                "grid32", grid(arena, 32, inPlanes));
        List<Port> outputs = List.of("grid32", "grid8", "grid16").stream()
                .map(name ->
                        new Port(name, "FLOAT32", inPlanes ? Shape.of(1, 255, -1, -1) : Shape.of(1, 3, -1, -1, 85)))
                .toList();
        DetectorFamily family = DetectorFamilies.recognise(
                network,
                new NetworkSignature(
                        List.of(new Port("images", "FLOAT32", Shape.of(1, 3, HEIGHT, WIDTH))),
                        outputs,
                        metadata,
                        graph));
        assertThat(family).isInstanceOf(YoloHeads.class);
        assertThat(family.outputs()).containsExactly("grid8", "grid16", "grid32");
        return family;
    }
}
