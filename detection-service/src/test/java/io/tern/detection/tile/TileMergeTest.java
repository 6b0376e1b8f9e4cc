package io.tern.detection.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.detection.Detection;
import io.tern.detection.box.Box;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TileMergeTest {
    private static final Detection WHOLE = detection(0, 0.9f, 0, 0, 100, 50);
    private static final Detection CUT = detection(0, 0.8f, 60, 0, 110, 50);
    private static final Detection NEIGHBOUR = detection(0, 0.7f, 90, 0, 190, 50);
    private static final Detection OTHER_CLASS = detection(1, 0.6f, 0, 0, 100, 50);

    @Test
    void ofAnObjectAndItsCutPartOneIsLeft() {
        List<Detection> found = List.of(WHOLE, CUT, NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMS.merge(found, 0.3f, 100)).containsExactly(WHOLE, NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMM.merge(found, 0.3f, 100))
                .containsExactly(detection(0, 0.9f, 0, 0, 110, 50), NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMS.merge(found, 0.3f, 2)).containsExactly(WHOLE, NEIGHBOUR);
    }

    @Test
    void aBoxInsideAnotherOneIsItsPart() {
        Detection inner = detection(0, 0.95f, 40, 10, 60, 30);
        assertThat(TileMerge.NMM.merge(List.of(inner, WHOLE), 0.3f, 100))
                .containsExactly(detection(0, 0.95f, 0, 0, 100, 50));
    }

    /** The third matches what the first two have become, not the first itself: joined, a row of people would be one. */
    @Test
    void doesNotGrowFromNeighbourToNeighbour() {
        Detection first = detection(0, 0.9f, 0, 0, 100, 50);
        Detection second = detection(0, 0.8f, 45, 0, 145, 50);
        Detection third = detection(0, 0.7f, 90, 0, 210, 50);
        Detection joined = detection(0, 0.9f, 0, 0, 145, 50);
        assertThat(TileMerge.NMM.merge(List.of(first, second, third), 0.3f, 100))
                .containsExactly(joined, third);
    }

    /** Of a cat in four tiles that a tile has the best score for, the whole cat has the quarters. */
    @Test
    void partsOfWhatABoxHasJoinedAreNoObjects() {
        Detection quarter = detection(0, 0.9f, 0, 0, 50, 50);
        Detection whole = detection(0, 0.8f, 0, 0, 100, 100);
        Detection other = detection(0, 0.7f, 50, 50, 100, 100);
        assertThat(TileMerge.NMM.merge(List.of(quarter, whole, other), 0.3f, 100))
                .containsExactly(detection(0, 0.9f, 0, 0, 100, 100));
    }

    @Test
    void weakBoxesDoNotGrowSureOnes() {
        Detection weak = detection(0, 0.2f, 60, 0, 130, 50);
        Detection weaker = detection(0, 0.1f, 300, 0, 400, 50);
        Detection weakest = detection(0, 0.1f, 310, 0, 420, 50);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, weak, weaker, weakest), 0.3f, 100))
                .containsExactly(WHOLE, detection(0, 0.1f, 300, 0, 420, 50));
    }

    @ParameterizedTest
    @EnumSource
    void withWeakBoxesTheSureOnesAreThoseThatTheyAreAlone(TileMerge merge) {
        for (int seed = 0; seed < 500; seed++) {
            List<Detection> found = random(new Random(seed));
            List<Detection> sure =
                    found.stream().filter(one -> one.score() >= 0.3f).toList();
            assertThat(merge.merge(found, 0.3f, 1000))
                    .as("seed %d", seed)
                    .filteredOn(one -> one.score() >= 0.3f)
                    .isEqualTo(merge.merge(sure, 0.3f, 1000));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofWhatIsLeftNoTwoMatch(TileMerge merge) {
        for (int seed = 0; seed < 500; seed++) {
            List<Detection> left = merge.merge(random(new Random(seed)), 0.3f, 1000);
            assertThat(merge.merge(left, 0.3f, 1000)).as("seed %d", seed).isEqualTo(left);
        }
    }

    private static List<Detection> random(Random random) {
        return IntStream.range(0, 30)
                .mapToObj(_ -> {
                    double x = random.nextInt(100);
                    double y = random.nextInt(100);
                    float score = 0.1f + 0.9f * random.nextFloat();
                    return detection(
                            random.nextInt(2), score, x, y, x + 5 + random.nextInt(40), y + 5 + random.nextInt(40));
                })
                .sorted(Comparator.comparing(Detection::score).reversed())
                .toList();
    }

    @Test
    void boxesWithoutAreaMatchNothing() {
        Detection flat = detection(0, 0.5f, 10, 10, 10, 10);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, flat, flat), 0.3f, 100)).containsExactly(WHOLE, flat, flat);
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
