package io.tern.detection;

import java.time.Duration;

/**
 * Wall time of the stages of a detection.
 *
 * @param decode from the file to the network's input
 * @param inference the network
 * @param postprocess from its outputs to what is told
 */
public record StageTimes(Duration decode, Duration inference, Duration postprocess) {
    public static final StageTimes NONE = new StageTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public StageTimes plus(StageTimes other) {
        return new StageTimes(
                decode.plus(other.decode), inference.plus(other.inference), postprocess.plus(other.postprocess));
    }
}
