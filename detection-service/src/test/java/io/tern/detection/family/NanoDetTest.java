package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NanoDetTest {
    private static final int BINS = 4;
    private static final Placement PLACEMENT = Placement.centred(32, 16, 32, 16);

    @Test
    void isRecognisedByItsOutputs() {
        DetectorFamily family = recognise(signature(Map.of("labels", "cat, dog")));
        assertThat(family.name()).isEqualTo("NanoDet");
        assertThat(family.labels()).containsExactly("cat", "dog");
        assertThat(family.outputs())
                .containsExactly("cls_pred_stride_8", "dis_pred_stride_8", "cls_pred_stride_16", "dis_pred_stride_16");
        assertThat(recognise(signature(Map.of())).labels()).containsExactly("class 0", "class 1");
    }

    @Test
    void refusesAModelOfNoFamilyAndPrintsWhatItHas() {
        Port images = new Port("images", "FLOAT32", Shape.of(-1, 3, 640, 640));
        Port output = new Port("output0", "FLOAT32", Shape.of(1, 1000));
        assertThatThrownBy(() -> recognise(new NetworkSignature(List.of(images), List.of(output), Map.of())))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(
                        "inputs: images FLOAT32 [?, 3, 640, 640]; outputs: output0 FLOAT32 [1, 1000] (expected: ");
    }

    @Test
    void refusesAModelWhoseOutputsDoNotFitItsInput() {
        for (Port wrong : List.of(
                new Port("dis_pred_stride_8", "FLOAT32", Shape.of(1, 9, 16)),
                new Port("dis_pred_stride_8", "FLOAT32", Shape.of(1, 8, 15)),
                new Port("dis_pred_stride_8", "INT64", Shape.of(1, 8, 16)),
                new Port("distances", "FLOAT32", Shape.of(1, 8, 16)))) {
            List<Port> outputs = new ArrayList<>(signature(Map.of()).outputs());
            outputs.set(1, wrong);
            NetworkSignature signature =
                    new NetworkSignature(signature(Map.of()).inputs(), outputs, Map.of());
            assertThatThrownBy(() -> recognise(signature)).isInstanceOf(TernException.class);
        }
        assertThatThrownBy(() -> recognise(signature(Map.of("labels", "cat")))).isInstanceOf(TernException.class);
    }

    /** 32 x 16 pixels: two rows of four places with stride 8, one row of two with stride 16. */
    @Test
    void putsBoxesAroundTheMiddlesOfItsPlaces() {
        DetectorFamily family = recognise(signature(Map.of("labels", "cat,dog")));
        try (Arena arena = Arena.ofConfined()) {
            Map<String, FloatTensor> outputs = Map.of(
                    "cls_pred_stride_8", FloatTensor.allocate(arena, Shape.of(1, 8, 2)),
                    "dis_pred_stride_8", FloatTensor.allocate(arena, Shape.of(1, 8, 4 * BINS)),
                    "cls_pred_stride_16", FloatTensor.allocate(arena, Shape.of(1, 2, 2)),
                    "dis_pred_stride_16", FloatTensor.allocate(arena, Shape.of(1, 2, 4 * BINS)));
            // The second row's third place sees a dog: its sides lie at 1, 0, 1 and 0 strides.
            outputs.get("cls_pred_stride_8").set(6 * 2 + 1, 0.75f);
            for (int side = 0; side < 4; side++) {
                outputs.get("dis_pred_stride_8").set(6 * 4 * BINS + side * BINS + (side + 1) % 2, 100);
            }
            // The coarse grid's first place sees a cat; all bins are alike, so its sides lie at 1.5 strides.
            outputs.get("cls_pred_stride_16").set(0, 0.5f);

            List<ScoredBox> boxes = family.decode(outputs, PLACEMENT, new CandidateFilter(0.1f, _ -> true, 10));

            assertThat(boxes).hasSize(2);
            assertThat(boxes.get(0).classId()).isEqualTo(1);
            assertThat(boxes.get(0).score()).isEqualTo(0.75f);
            assertClose(boxes.get(0).box(), new Box(20 - 8, 12, 20 + 8, 12));
            assertThat(boxes.get(1).classId()).isZero();
            assertClose(boxes.get(1).box(), new Box(0, 0, 32, 16));
            assertThat(family.decode(outputs, PLACEMENT, new CandidateFilter(0.1f, id -> id == 0, 10)))
                    .hasSize(1);
            assertThat(family.decode(outputs, PLACEMENT, new CandidateFilter(0.1f, _ -> true, 1)))
                    .containsExactly(boxes.get(0));
            assertThat(family.decode(outputs, PLACEMENT, new CandidateFilter(0.75f, _ -> true, 10)))
                    .containsExactly(boxes.get(0));
        }
    }

    private static DetectorFamily recognise(NetworkSignature signature) {
        Network silent = (_, _, _, _) -> {
            throw new AssertionError("its signature says it all");
        };
        return DetectorFamilies.recognise(silent, signature);
    }

    private static void assertClose(Box box, Box expected) {
        assertThat(box.x1()).isCloseTo(expected.x1(), within(1e-6));
        assertThat(box.y1()).isCloseTo(expected.y1(), within(1e-6));
        assertThat(box.x2()).isCloseTo(expected.x2(), within(1e-6));
        assertThat(box.y2()).isCloseTo(expected.y2(), within(1e-6));
    }

    private static NetworkSignature signature(Map<String, String> metadata) {
        return new NetworkSignature(
                List.of(new Port("images", "FLOAT32", Shape.of(-1, 3, 16, 32))),
                List.of(
                        new Port("cls_pred_stride_8", "FLOAT32", Shape.of(-1, 8, 2)),
                        new Port("dis_pred_stride_8", "FLOAT32", Shape.of(-1, 8, 4 * BINS)),
                        new Port("cls_pred_stride_16", "FLOAT32", Shape.of(-1, 2, 2)),
                        new Port("dis_pred_stride_16", "FLOAT32", Shape.of(-1, 2, 4 * BINS))),
                metadata);
    }
}
