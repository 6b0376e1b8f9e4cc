package io.tern.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.family.CandidateFilter;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.family.PreparedPicture;
import io.tern.detection.image.Placement;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A picture of 100 x 50 in an input of 100 x 100: 25 rows of padding above it, and 25 below. */
class DetectorTest {
    private static final RgbImage PICTURE = new RgbImage(100, 50, new byte[3 * 100 * 50]);
    private static final ScoredBox IN_PADDING = new ScoredBox(new Box(0, 0, 100, 24), 0.9f, 0);
    private static final ScoredBox AT_THE_EDGE = new ScoredBox(new Box(0, 0, 100, 25), 0.9f, 0);
    private static final ScoredBox LINE = new ScoredBox(new Box(20, 30, 20, 60), 0.9f, 0);
    /** Two of its rows are in the picture. */
    private static final ScoredBox HALF_IN = new ScoredBox(new Box(0, 5, 100, 27), 0.8f, 0);

    @Test
    void whatIsNowhereInThePictureIsNotTold() {
        assertThat(found(100, IN_PADDING, AT_THE_EDGE, LINE, HALF_IN))
                .extracting(Detection::box)
                .containsExactly(new Box(0, 0, 100, 2));
    }

    @Test
    void andTakesNobodysPlace() {
        assertThat(IN_PADDING.box().iou(HALF_IN.box())).isGreaterThan(0.6);
        assertThat(found(1, IN_PADDING, HALF_IN)).hasSize(1);
    }

    private static List<Detection> found(int most, ScoredBox... boxes) {
        DetectionOptions options = new DetectionOptions(0.3f, 0.6, ClassFilter.all(), most);
        try (Detector detector = new Detector((_, _, _, _) -> Map.of(), new Certain(List.of(boxes)))) {
            return detector.detect(PICTURE, options, Cancellation.none()).detections();
        }
    }

    /** Finds what it is told to. */
    private record Certain(List<ScoredBox> boxes) implements DetectorFamily {
        @Override
        public String name() {
            return "certain";
        }

        @Override
        public List<String> labels() {
            return List.of("thing");
        }

        @Override
        public List<String> outputs() {
            return List.of();
        }

        @Override
        public PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
            return new PreparedPicture(Map.of(), Placement.centred(picture.width(), picture.height(), 100, 100));
        }

        @Override
        public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
            return boxes;
        }
    }
}
