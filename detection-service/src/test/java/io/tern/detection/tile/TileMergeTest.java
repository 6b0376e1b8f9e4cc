package io.tern.detection.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.detection.Detection;
import io.tern.detection.box.Box;
import java.util.List;
import org.junit.jupiter.api.Test;

class TileMergeTest {
    private static final Detection WHOLE = detection(0, 0.9f, 0, 0, 100, 50);
    private static final Detection CUT = detection(0, 0.8f, 60, 0, 110, 50);
    private static final Detection NEIGHBOUR = detection(0, 0.7f, 90, 0, 190, 50);
    private static final Detection OTHER_CLASS = detection(1, 0.6f, 0, 0, 100, 50);

    @Test
    void ofAnObjectAndItsCutPartOneIsLeft() {
        List<Detection> found = List.of(WHOLE, CUT, NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMS.merge(found, 100)).containsExactly(WHOLE, NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMM.merge(found, 100))
                .containsExactly(detection(0, 0.9f, 0, 0, 110, 50), NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMS.merge(found, 2)).containsExactly(WHOLE, NEIGHBOUR);
    }

    @Test
    void aBoxInsideAnotherOneIsItsPart() {
        Detection inner = detection(0, 0.95f, 40, 10, 60, 30);
        assertThat(TileMerge.NMM.merge(List.of(inner, WHOLE), 100)).containsExactly(detection(0, 0.95f, 0, 0, 100, 50));
    }

    @Test
    void boxesWithoutAreaMatchNothing() {
        Detection flat = detection(0, 0.5f, 10, 10, 10, 10);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, flat, flat), 100)).containsExactly(WHOLE, flat, flat);
    }

    @Test
    void hasANameOnTheWire() {
        assertThat(TileMerge.named("nmm")).isEqualTo(TileMerge.NMM);
        assertThatThrownBy(() -> TileMerge.named("NMM")).hasMessage("tile_merge: NMM (expected: nms or nmm)");
    }

    private static Detection detection(int classId, float score, double x1, double y1, double x2, double y2) {
        return new Detection(classId, "class " + classId, score, new Box(x1, y1, x2, y2));
    }
}
