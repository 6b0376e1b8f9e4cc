package io.tern.detection.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.detection.Detection;
import io.tern.detection.Golden;
import io.tern.detection.box.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AveragePrecisionTest {
    @Test
    void equalsPycocotools() {
        JsonNode cases = Golden.json("coco.json").get("cases");
        assertThat(cases.size()).isEqualTo(4);
        for (JsonNode one : cases) {
            AveragePrecision precision = new AveragePrecision();
            one.get("pictures").forEach(picture -> precision.add(truths(picture), detections(picture)));
            double[] scores = values(precision.scores());
            for (int i = 0; i < 12; i++) {
                double expected = one.get("scores").get(i).doubleValue();
                assertThat(scores[i])
                        .as("%s, number %d", one.get("name").stringValue(), i)
                        .satisfies(
                                expected < 0
                                        ? score -> assertThat(score).isNaN()
                                        : score -> assertThat(score).isCloseTo(expected, within(1e-9)));
            }
        }
    }

    @Test
    void perfectAndBlindDetectors() {
        List<Truth> truths = List.of(new Truth(0, new Box(0, 0, 10, 10)), new Truth(1, new Box(5, 5, 70, 70)));
        AveragePrecision perfect = new AveragePrecision();
        perfect.add(truths, List.of(detection(0, 0.3f, 0, 0, 10, 10), detection(1, 0.9f, 5, 5, 70, 70)));
        double[] scores = values(perfect.scores());
        for (int i = 0; i < 12; i++) {
            if (i % 6 == 5) {
                assertThat(scores[i]).as("no object is large").isNaN();
            } else {
                assertThat(scores[i]).as("number %d", i).isCloseTo(1, within(1e-12));
            }
        }
        AveragePrecision blind = new AveragePrecision();
        blind.add(truths, List.of());
        assertThat(blind.scores().ap()).isZero();
        assertThat(new AveragePrecision().scores().ap()).isNaN();
        assertThat(blind.scores().byClass()).isEqualTo(Map.of(0, 0.0, 1, 0.0));
        assertThat(perfect.scores().byClass().keySet()).containsExactly(0, 1);
        assertThat(perfect.scores().byClass().values()).allMatch(ap -> Math.abs(ap - 1) < 1e-12);
    }

    /** Two of four found, then a wrong one between them: by hand. */
    @Test
    void areaUnderTheCurve() {
        AveragePrecision precision = new AveragePrecision();
        List<Truth> truths = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            truths.add(new Truth(0, new Box(100 * i, 0, 100 * i + 50, 50)));
        }
        precision.add(
                truths,
                List.of(
                        detection(0, 0.9f, 0, 0, 50, 50),
                        detection(0, 0.8f, 20, 200, 70, 250),
                        detection(0, 0.7f, 100, 0, 150, 50)));
        // 26 recalls up to 0.25 with precision 1, then 25 up to 0.5 with 2/3.
        assertThat(precision.scores().ap50()).isCloseTo((26 + 25 * 2.0 / 3) / 101, within(1e-12));
        assertThat(precision.scores().ar100()).isEqualTo(0.5);
        assertThat(precision.scores().ar1()).isEqualTo(0.25);
    }

    private static double[] values(CocoScores scores) {
        return new double[] {
            scores.ap(), scores.ap50(), scores.ap75(), scores.apSmall(), scores.apMedium(), scores.apLarge(),
            scores.ar1(), scores.ar10(), scores.ar100(), scores.arSmall(), scores.arMedium(), scores.arLarge()
        };
    }

    private static List<Truth> truths(JsonNode picture) {
        List<Truth> truths = new ArrayList<>();
        for (JsonNode one : picture.get("truth")) {
            Box box = box(one.get("xyxy"));
            truths.add(new Truth(
                    one.get("class_id").intValue(),
                    box,
                    box.area(),
                    one.path("crowd").asBoolean(false)));
        }
        return truths;
    }

    private static List<Detection> detections(JsonNode picture) {
        List<Detection> detections = new ArrayList<>();
        for (JsonNode one : picture.get("detections")) {
            detections.add(new Detection(
                    one.get("class_id").intValue(), "", one.get("score").floatValue(), box(one.get("xyxy"))));
        }
        return detections;
    }

    private static Box box(JsonNode xyxy) {
        return new Box(
                xyxy.get(0).doubleValue(),
                xyxy.get(1).doubleValue(),
                xyxy.get(2).doubleValue(),
                xyxy.get(3).doubleValue());
    }

    private static Detection detection(int classId, float score, double x1, double y1, double x2, double y2) {
        return new Detection(classId, "", score, new Box(x1, y1, x2, y2));
    }
}
