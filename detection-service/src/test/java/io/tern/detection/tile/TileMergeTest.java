package io.tern.detection.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.box.Box;
import io.tern.detection.box.SuppressionMethod;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TileMergeTest {
    private static final float SURE = 0.3f;
    private static final double IOU = 0.4;
    private static final DetectionOptions OPTIONS = options(SuppressionMethod.CLASS_WISE, 1000);
    private static final Detection WHOLE = detection(0, 0.9f, 0, 0, 100, 50);
    private static final Detection CUT = detection(0, 0.8f, 60, 0, 110, 50);
    private static final Detection NEIGHBOUR = detection(0, 0.7f, 90, 0, 190, 50);
    private static final Detection OTHER_CLASS = detection(1, 0.6f, 0, 0, 100, 50);

    @Test
    void ofAnObjectAndItsCutPartOneIsLeft() {
        List<Detection> found = List.of(WHOLE, CUT, NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMS.merge(found, OPTIONS)).containsExactly(WHOLE, NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMM.merge(found, OPTIONS))
                .containsExactly(detection(0, 0.9f, 0, 0, 110, 50), NEIGHBOUR, OTHER_CLASS);
        assertThat(TileMerge.NMS.merge(found, options(SuppressionMethod.CLASS_WISE, 2)))
                .containsExactly(WHOLE, NEIGHBOUR);
    }

    @Test
    void aBoxInsideAnotherOneIsItsPart() {
        Detection inner = detection(0, 0.95f, 40, 10, 60, 30);
        assertThat(TileMerge.NMM.merge(List.of(inner, WHOLE), OPTIONS))
                .containsExactly(detection(0, 0.95f, 0, 0, 100, 50));
    }

    /** The third matches what the first two have become, not the first itself: joined, a row of people would be one. */
    @Test
    void doesNotGrowFromNeighbourToNeighbour() {
        Detection first = detection(0, 0.9f, 0, 0, 100, 50);
        Detection second = detection(0, 0.8f, 45, 0, 145, 50);
        Detection third = detection(0, 0.7f, 90, 0, 210, 50);
        Detection joined = detection(0, 0.9f, 0, 0, 145, 50);
        assertThat(TileMerge.NMM.merge(List.of(first, second, third), OPTIONS)).containsExactly(joined, third);
    }

    /** Of a cat in four tiles that a tile has the best score for, the whole cat has the quarters. */
    @Test
    void partsOfWhatABoxHasJoinedAreNoObjects() {
        Detection quarter = detection(0, 0.9f, 0, 0, 50, 50);
        Detection whole = detection(0, 0.8f, 0, 0, 100, 100);
        Detection other = detection(0, 0.7f, 50, 50, 100, 100);
        assertThat(TileMerge.NMM.merge(List.of(quarter, whole, other), OPTIONS))
                .containsExactly(detection(0, 0.9f, 0, 0, 100, 100));
    }

    @Test
    void weakBoxesDoNotGrowSureOnes() {
        Detection weak = detection(0, 0.2f, 60, 0, 130, 50);
        Detection weaker = detection(0, 0.1f, 300, 0, 400, 50);
        Detection weakest = detection(0, 0.1f, 310, 0, 420, 50);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, weak, weaker, weakest), OPTIONS))
                .containsExactly(WHOLE, detection(0, 0.1f, 300, 0, 420, 50));
    }

    @ParameterizedTest
    @EnumSource
    void withWeakBoxesTheSureOnesAreThoseThatTheyAreAlone(TileMerge merge) {
        for (int seed = 0; seed < 500; seed++) {
            List<Detection> found = random(new Random(seed));
            List<Detection> sure =
                    found.stream().filter(one -> one.score() >= SURE).toList();
            assertThat(merge.merge(found, OPTIONS))
                    .as("seed %d", seed)
                    .filteredOn(one -> one.score() >= SURE)
                    .isEqualTo(merge.merge(sure, OPTIONS));
        }
    }

    @ParameterizedTest
    @MethodSource("methodsAndMerges")
    void theMethodHoldsForWhatIsLeft(SuppressionMethod method, TileMerge merge) {
        for (int seed = 0; seed < 500; seed++) {
            List<Detection> left = merge.merge(random(new Random(seed)), options(method, 1000));
            for (int i = 0; i < left.size(); i++) {
                for (int j = 0; j < i; j++) {
                    Box a = left.get(i).box();
                    Box b = left.get(j).box();
                    if (left.get(i).classId() == left.get(j).classId()) {
                        assertThat(overlap(a, b) / Math.min(a.area(), b.area()))
                                .as("seed %d", seed)
                                .isLessThanOrEqualTo(0.5);
                    }
                    if (left.get(i).classId() == left.get(j).classId() || method == SuppressionMethod.AGNOSTIC) {
                        assertThat(a.iou(b)).as("seed %d", seed).isLessThanOrEqualTo(IOU);
                    }
                }
            }
        }
    }

    static Stream<Arguments> methodsAndMerges() {
        return Stream.of(SuppressionMethod.CLASS_WISE, SuppressionMethod.AGNOSTIC, SuppressionMethod.WEIGHTED)
                .flatMap(method -> Stream.of(TileMerge.values()).map(merge -> Arguments.of(method, merge)));
    }

    private static double overlap(Box a, Box b) {
        double width = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
        double height = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
        return Math.max(0, width) * Math.max(0, height);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAMethodAllBoxesStand(TileMerge merge) {
        List<Detection> found = random(new Random(1));
        assertThat(merge.merge(found, options(SuppressionMethod.NONE, 1000))).isEqualTo(found);
        assertThat(merge.merge(found, options(SuppressionMethod.NONE, 7))).isEqualTo(found.subList(0, 7));
    }

    /** A box of another class in the same place is the same object, but a tie in its person is none. */
    @Test
    void withoutClassesTheBestStaysAndGrowsByItsOwnPartsAlone() {
        Detection same = detection(1, 0.8f, 5, 0, 105, 50);
        Detection within = detection(1, 0.7f, 40, 10, 60, 40);
        DetectionOptions agnostic = options(SuppressionMethod.AGNOSTIC, 1000);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, same, within), agnostic)).containsExactly(WHOLE, within);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, same, within), OPTIONS)).containsExactly(WHOLE, same);
    }

    /** Neighbours of which neither has half of the other one are no parts: the worse is left out as inside of a tile. */
    @Test
    void boxesThatOnlyOverlapAreNotJoined() {
        Detection beside = detection(0, 0.8f, 55, 0, 155, 50);
        DetectionOptions strict = new DetectionOptions(0.1f, 0.2, ClassFilter.all(), 1000);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, beside), OPTIONS)).containsExactly(WHOLE, beside);
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, beside), strict)).containsExactly(WHOLE);
    }

    private static DetectionOptions options(SuppressionMethod method, int most) {
        return new DetectionOptions(0.1f, SURE, method, IOU, ClassFilter.all(), most);
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
        assertThat(TileMerge.NMM.merge(List.of(WHOLE, flat, flat), OPTIONS)).containsExactly(WHOLE, flat, flat);
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
