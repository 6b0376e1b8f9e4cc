package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InputSizeTest {
    private static final Port OPEN = new Port("images", "FLOAT32", Shape.of(-1, 3, -1, -1));
    private static final Shape UNKNOWN = Shape.of(-1, -1, -1);

    @Test
    void nothingIsTriedBesidesAFixedSize() {
        assertThat(InputSize.candidates(signature(UNKNOWN, Map.of("imgsz", "640"), Set.of(8400L)), 320, 192))
                .containsExactly(new InputSize(320, 192));
    }

    @Test
    void theMetadataComeFirst() {
        NetworkSignature sized = signature(Shape.of(1, 85, 3549), Map.of("imgsz", "[256, 320]"), Set.of());
        assertThat(InputSize.candidates(sized, -1, -1).getFirst()).isEqualTo(new InputSize(320, 256));
    }

    /** 3 * (32 * 32 + 16 * 16 + 8 * 8) rows are three anchors at 256 pixels. */
    @Test
    void theRowsOfAnOutputTellTheSize() {
        assertThat(InputSize.candidates(signature(Shape.of(-1, 4032, 9), Map.of(), Set.of()), -1, -1))
                .startsWith(InputSize.square(256), InputSize.square(640));
    }

    /** A graph that computes its grids runs at the usual size; one with a grid inside only at the grid's. */
    @Test
    void aGridInsideComesAfterTheUsualSize() {
        assertThat(InputSize.candidates(signature(UNKNOWN, Map.of(), Set.of(2L, 64L, 3549L)), -1, -1))
                .startsWith(InputSize.square(640), InputSize.square(416));
    }

    /** 80 x 48 + 40 x 24 + 20 x 12 places. */
    @Test
    void wideGridsAreKnownToo() {
        assertThat(InputSize.candidates(signature(UNKNOWN, Map.of(), Set.of(5040L)), -1, -1))
                .startsWith(InputSize.square(640), new InputSize(640, 384), new InputSize(384, 640));
    }

    @Test
    void aKnownSideStays() {
        assertThat(InputSize.candidates(signature(UNKNOWN, Map.of(), Set.of()), -1, 448))
                .startsWith(InputSize.square(448), new InputSize(640, 448))
                .allMatch(size -> size.height() == 448);
    }

    private static NetworkSignature signature(Shape output, Map<String, String> metadata, Set<Long> extents) {
        return new NetworkSignature(
                List.of(OPEN),
                List.of(new Port("output0", "FLOAT32", output)),
                metadata,
                new Graph(Set.of(), Set.of(), List.of(), extents));
    }
}
