package io.tern.detection.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.detection.Golden;
import io.tern.detection.Npz;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassWiseSuppressionTest {
    @ParameterizedTest
    @CsvSource({"0, classwise", "0, agnostic", "1, classwise", "1, agnostic"})
    void keepsTheGoldenBoxes(int number, String kind) {
        Path arrays = Golden.folder().resolve("ops/nms_" + number + ".npz");
        double iou = Golden.json("ops/nms_" + number + ".json").get("iou").doubleValue();
        double[] boxes = Npz.read(arrays, "boxes");
        double[] scores = Npz.read(arrays, "scores");
        double[] classes = Npz.read(arrays, "classes");
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .toList();
        List<ScoredBox> candidates = order.stream()
                .map(i -> new ScoredBox(
                        new Box(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]),
                        (float) scores[i],
                        kind.equals("agnostic") ? 0 : (int) classes[i]))
                .toList();

        List<Integer> kept = new ClassWiseSuppression(iou, 1000).keep(candidates);

        List<Integer> expected =
                Arrays.stream(Npz.read(arrays, kind)).mapToObj(i -> (int) i).toList();
        assertThat(kept.stream().map(order::get)).containsExactlyElementsOf(expected);
    }

    @Test
    void stopsAtTheMostItMayKeep() {
        List<ScoredBox> apart = IntStream.range(0, 10)
                .mapToObj(i -> new ScoredBox(new Box(10 * i, 0, 10 * i + 5, 5), 1f / (i + 1), i % 2))
                .toList();
        assertThat(new ClassWiseSuppression(0.5, 3).keep(apart)).containsExactly(0, 1, 2);
    }

    @Test
    void letsAnOverlapOfExactlyTheLimitStand() {
        Box box = new Box(0, 0, 10, 10);
        Box half = new Box(0, 0, 10, 5);
        List<ScoredBox> candidates = List.of(new ScoredBox(box, 0.9f, 0), new ScoredBox(half, 0.8f, 0));
        assertThat(new ClassWiseSuppression(0.5, 9).keep(candidates)).containsExactly(0, 1);
        assertThat(new ClassWiseSuppression(0.499, 9).keep(candidates)).containsExactly(0);
    }

    @Test
    void refusesALimitThatIsNoOverlap() {
        assertThatThrownBy(() -> new ClassWiseSuppression(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ClassWiseSuppression(1.1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ClassWiseSuppression(0.5, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
