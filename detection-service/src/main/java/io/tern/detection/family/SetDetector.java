package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A detector that predicts a set: each object once, by one of its queries. The kinds of it differ in how they want the
 * picture and how they score: {@link Detr}, {@link DeformableDetr}, {@link RtDetr}, {@link RfDetr}.
 *
 * @param mask name of the input that tells pixels from padding; null if there is none
 */
record SetDetector(
        String name,
        PictureInput input,
        @Nullable String mask,
        QueryOutputs output,
        Scoring scoring,
        List<String> labels)
        implements DetectorFamily {

    /** How boxes are made of a picture's outputs: {@link QueryOutputs#decodeBestClass} or {@link QueryOutputs#eachClass}. */
    @FunctionalInterface
    interface Scoring {
        List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter);
    }

    /** Whether it takes a picture, or a picture and a mask of its pixels, and gives what a set needs. */
    static Optional<QueryOutputs> outputs(Evidence evidence) {
        return evidence.takesOnlyAPicture() || mask(evidence) != null ? QueryOutputs.of(evidence) : Optional.empty();
    }

    static @Nullable String mask(Evidence evidence) {
        return evidence.besidesAPicture()
                .filter(port -> port.rank() == 3)
                .map(Port::name)
                .orElse(null);
    }

    /** Each object once: nothing has to be suppressed. */
    @Override
    public List<String> outputs() {
        return output.names();
    }

    @Override
    public PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        return input.prepare(picture, arena, cancellation)
                .and(mask, placed -> Evidence.ones(arena, placed.inputHeight(), placed.inputWidth()));
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        return scoring.decode(outputs, placement, filter);
    }
}
