package io.tern.detection.family;

import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Normalization;
import java.util.List;
import java.util.Optional;

/**
 * The values that a graph wants which normalises colours itself, as its mean of the colours shows: those of ImageNet are
 * near 0.45 or near 115, and red's is the greatest.
 */
final class ColourScale {
    private ColourScale() {}

    /** Empty if the graph has no mean in it. */
    static Optional<Normalization> inside(Evidence evidence) {
        for (List<Float> mean : evidence.signature().graph().triples()) {
            if (mean.stream().allMatch(value -> 0.35 < value && value < 0.6)) {
                return Optional.of(Normalization.UNIT.withOrder(order(mean)));
            }
            if (mean.stream().allMatch(value -> 90 < value && value < 140)) {
                return Optional.of(Normalization.NONE.withOrder(order(mean)));
            }
        }
        return Optional.empty();
    }

    private static ChannelOrder order(List<Float> mean) {
        return mean.get(0) < mean.get(1) && mean.get(1) < mean.get(2) ? ChannelOrder.BGR : ChannelOrder.RGB;
    }

    /** Whether these are the values 0..1. */
    static boolean isUnit(Normalization normalization) {
        return normalization.deviation().equals(Normalization.UNIT.deviation());
    }
}
