package io.tern.detection.box;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to suppress, as requests name them. */
public enum SuppressionMethod {
    /** All boxes stand. */
    NONE("none"),
    CLASS_WISE("class-wise", "class", "nms"),
    AGNOSTIC("agnostic", "class-agnostic"),
    SOFT_LINEAR("soft-linear"),
    SOFT_GAUSSIAN("soft-gaussian", "soft", "soft-nms"),
    WEIGHTED("weighted", "wbf", "weighted-box-fusion");

    private final List<String> names;

    SuppressionMethod(String... names) {
        this.names = List.of(names);
    }

    /**
     * @param name with hyphens, underscores or neither
     * @throws TernException INVALID_ARGUMENT for an unknown one
     */
    public static SuppressionMethod named(String name) {
        String plain = plain(name);
        for (SuppressionMethod method : values()) {
            if (method.names.stream().anyMatch(known -> plain(known).equals(plain))) {
                return method;
            }
        }
        String known =
                Arrays.stream(values()).map(method -> method.names.getFirst()).collect(Collectors.joining(", "));
        throw TernException.invalid("nms", name, "one of " + known);
    }

    /** Whether scores fall in place of boxes. */
    public boolean isSoft() {
        return this == SOFT_LINEAR || this == SOFT_GAUSSIAN;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /**
     * @param iou overlap from which boxes are one object
     * @param threshold score at which a box that was weakened is given up
     * @param sure score from which a box may change another one; a weaker one changes only weaker ones
     */
    public Suppression at(double iou, double threshold, double sure) {
        return switch (this) {
            case NONE -> (candidates, most) -> candidates.stream().limit(most).toList();
            case CLASS_WISE ->
                (candidates, most) -> pick(candidates, new ClassWiseSuppression(iou, most).keep(candidates));
            case AGNOSTIC ->
                (candidates, most) ->
                        pick(candidates, new ClassWiseSuppression(iou, most).keep(asOneClass(candidates)));
            case SOFT_LINEAR -> new ClassWise(SoftSuppression.linear(iou, threshold));
            case SOFT_GAUSSIAN -> new ClassWise(SoftSuppression.gaussian(SoftSuppression.USUAL_SIGMA, threshold));
            case WEIGHTED -> new ClassWise(new WeightedBoxFusion(iou, 1, sure));
        };
    }

    private static List<ScoredBox> pick(List<ScoredBox> candidates, List<Integer> kept) {
        return kept.stream().map(candidates::get).toList();
    }

    private static List<ScoredBox> asOneClass(List<ScoredBox> candidates) {
        return candidates.stream()
                .map(candidate -> new ScoredBox(candidate.box(), candidate.score(), 0))
                .toList();
    }
}
