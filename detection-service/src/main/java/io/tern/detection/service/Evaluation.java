package io.tern.detection.service;

import io.tern.detection.eval.CocoScores;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an evaluation has found.
 *
 * @param labels of the detector, by class id
 */
record Evaluation(CocoScores scores, List<String> labels) {
    /** One number a line: {@code AP 0.578}; {@code -} where there is no object of that size. */
    String table() {
        StringBuilder table = new StringBuilder();
        scores.byName().forEach((name, score) -> table.append(line(name, score)));
        return table.toString();
    }

    /** The average precision of each class. */
    String classTable() {
        StringBuilder table = new StringBuilder();
        scores.byClass().forEach((classId, ap) -> table.append(line(labels.get(classId), ap)));
        return table.toString();
    }

    /** The same with null where there is no object of that size, and the classes under {@code classes}. */
    String json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        for (Map.Entry<String, Double> score : scores.byName().entrySet()) {
            json.put(score.getKey(), score.getValue().isNaN() ? null : score.getValue());
        }
        ObjectNode each = json.putObject("classes");
        scores.byClass().forEach((classId, ap) -> each.put(labels.get(classId), ap));
        return json.toPrettyString() + System.lineSeparator();
    }

    private static String line(String name, double score) {
        return String.format(Locale.ROOT, "%-9s %s%n", name, Double.isNaN(score) ? "-" : "%.3f".formatted(score));
    }
}
