package io.tern.detection.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.TernException;
import io.tern.detection.Golden;
import io.tern.detection.Npz;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuppressionMethodTest {
    private static final double STOP = 0.01;

    /** The reference counts all boxes as one class here. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void weakensAsSoftNms(int number) {
        assertGolden(number, "soft_gauss", SoftSuppression.gaussian(0.5, STOP));
        assertGolden(number, "soft_linear", SoftSuppression.linear(0.3, STOP));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void fusesAsWeightedBoxFusion(int number) {
        Path arrays = Golden.folder().resolve("ops/nms_" + number + ".npz");
        double[] boxes = Npz.read(arrays, "wbf_boxes");
        double[] scores = Npz.read(arrays, "wbf_scores");
        double[] classes = Npz.read(arrays, "wbf_classes");
        List<ScoredBox> fused = new ClassWise(new WeightedBoxFusion(0.55, 2, 0)).apply(candidates(arrays), 1000);
        assertThat(fused).hasSize(scores.length);
        List<Integer> expected = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparingDouble(i -> classes[i]))
                .toList();
        for (int i = 0; i < fused.size(); i++) {
            int e = expected.get(i);
            assertThat(fused.get(i).classId()).isEqualTo((int) classes[e]);
            assertThat((double) fused.get(i).score()).isCloseTo(scores[e], within(1e-5));
            assertThat(fused.get(i).box().x1()).isCloseTo(boxes[4 * e], within(1e-3));
            assertThat(fused.get(i).box().y2()).isCloseTo(boxes[4 * e + 3], within(1e-3));
        }
    }

    @Test
    void oneObjectOfTwoClassesIsOneOnlyWithoutClasses() {
        List<ScoredBox> candidates =
                List.of(new ScoredBox(new Box(0, 0, 10, 10), 0.9f, 3), new ScoredBox(new Box(0, 0, 10, 9), 0.8f, 5));
        assertThat(SuppressionMethod.CLASS_WISE.at(0.5, 0, 0).apply(candidates, 9))
                .isEqualTo(candidates);
        assertThat(SuppressionMethod.AGNOSTIC.at(0.5, 0, 0).apply(candidates, 9))
                .containsExactly(candidates.getFirst());
        assertThat(SuppressionMethod.WEIGHTED.at(0.5, 0, 0).apply(candidates, 9))
                .hasSize(2);
    }

    @Test
    void boxesThatAreWeakenedBelowTheThresholdAreGivenUp() {
        List<ScoredBox> candidates =
                List.of(new ScoredBox(new Box(0, 0, 10, 10), 0.9f, 0), new ScoredBox(new Box(0, 0, 10, 9), 0.8f, 0));
        assertThat(SuppressionMethod.SOFT_LINEAR.at(0.5, 0.3, 0.3).apply(candidates, 9))
                .hasSize(1);
        List<ScoredBox> both = SuppressionMethod.SOFT_LINEAR.at(0.5, 0.05, 0.05).apply(candidates, 9);
        assertThat(both.get(1).score()).isCloseTo(0.8f * 0.1f, within(1e-6f));
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodKeepsOrderAndBounds(SuppressionMethod method) {
        List<ScoredBox> candidates = IntStream.range(0, 60)
                .mapToObj(i -> new ScoredBox(new Box(i % 7, i % 5, 20 + i % 3, 30), 1f / (i + 1), i % 4))
                .toList();
        Suppression suppression = method.at(0.6, 0, 0);
        List<ScoredBox> all = suppression.apply(candidates, 1000);
        assertThat(all).isNotEmpty().isSortedAccordingTo(Comparator.comparingDouble(box -> -box.score()));
        assertThat(suppression.apply(candidates, 3)).isEqualTo(all.subList(0, Math.min(3, all.size())));
        assertThat(suppression.apply(List.of(), 3)).isEmpty();
        boolean dropsNothing = method == SuppressionMethod.NONE || method.name().startsWith("SOFT");
        assertThat(all.size() == candidates.size()).isEqualTo(dropsNothing);
    }

    /** As in a film, whose weak boxes go on with tracks: the sure ones are those of a single picture. */
    @ParameterizedTest
    @EnumSource
    void weakBoxesDoNotChangeSureOnes(SuppressionMethod method) {
        double sure = 0.3;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<ScoredBox> candidates = IntStream.range(0, 40)
                    .mapToObj(_ -> {
                        double x = random.nextInt(30);
                        double y = random.nextInt(30);
                        return new ScoredBox(
                                new Box(x, y, x + 10 + random.nextInt(20), y + 10 + random.nextInt(20)),
                                0.1f + 0.9f * random.nextFloat(),
                                random.nextInt(2));
                    })
                    .sorted(Comparator.comparingDouble(box -> -box.score()))
                    .toList();
            List<ScoredBox> alone =
                    candidates.stream().filter(box -> box.score() >= sure).toList();
            assertThat(method.at(0.3, 0.1, sure).apply(candidates, 1000))
                    .as("seed %d", seed)
                    .filteredOn(box -> box.score() >= sure)
                    .isEqualTo(method.at(0.3, sure, sure).apply(alone, 1000));
        }
    }

    @Test
    void isNamedInManyWaysAndRefusedInOthers() {
        assertThat(SuppressionMethod.named("class-wise")).isEqualTo(SuppressionMethod.CLASS_WISE);
        assertThat(SuppressionMethod.named("class_wise")).isEqualTo(SuppressionMethod.CLASS_WISE);
        assertThat(SuppressionMethod.named("WBF")).isEqualTo(SuppressionMethod.WEIGHTED);
        assertThat(SuppressionMethod.named("soft")).isEqualTo(SuppressionMethod.SOFT_GAUSSIAN);
        for (String wrong : new String[] {"", "hard", "softer", "true"}) {
            assertThatThrownBy(() -> SuppressionMethod.named(wrong))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.field()).isEqualTo("nms"))
                    .hasMessageContaining("soft-gaussian");
        }
    }

    private static void assertGolden(int number, String name, SoftSuppression suppression) {
        Path arrays = Golden.folder().resolve("ops/nms_" + number + ".npz");
        double[] indices = Npz.read(arrays, name + "_idx");
        double[] scores = Npz.read(arrays, name + "_score");
        double[] boxes = Npz.read(arrays, "boxes");
        List<ScoredBox> kept = suppression.apply(candidates(arrays), 1000);
        assertThat(kept).hasSize(indices.length);
        for (int i = 0; i < indices.length; i++) {
            assertThat(kept.get(i).box().x1()).isEqualTo(boxes[4 * (int) indices[i]]);
            assertThat((double) kept.get(i).score()).isCloseTo(scores[i], within(1e-6));
        }
    }

    /** Best score first. */
    private static List<ScoredBox> candidates(Path arrays) {
        double[] boxes = Npz.read(arrays, "boxes");
        double[] scores = Npz.read(arrays, "scores");
        double[] classes = Npz.read(arrays, "classes");
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .map(i -> new ScoredBox(
                        new Box(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]),
                        (float) scores[i],
                        (int) classes[i]))
                .toList();
    }
}
