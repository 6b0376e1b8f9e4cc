package io.tern.detection;

import io.tern.base.TernException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much is told of a picture, when all else is done: what is not joined, nor outside the zones, nor off a film's tracks.
 *
 * @param detections at most so many, 1..1000
 * @param perClass at most so many of a class, 1..1000
 */
public record AnswerLimits(int detections, int perClass) {
    public static final int DEFAULT_DETECTIONS = 100;
    public static final int MOST = 1000;

    /** @throws TernException INVALID_ARGUMENT for a value outside its range */
    public AnswerLimits {
        require("max_detections", detections);
        require("max_per_class", perClass);
    }

    static void require(String field, int value) {
        TernException.require(1 <= value && value <= MOST, field, value, "1.." + MOST);
    }

    /**
     * @param found best score first
     * @return the best ones, in their order
     */
    public List<Detection> of(List<Detection> found) {
        Map<Integer, Integer> seen = new HashMap<>();
        return found.stream()
                .filter(one -> seen.merge(one.classId(), 1, Integer::sum) <= perClass)
                .limit(detections)
                .toList();
    }
}
