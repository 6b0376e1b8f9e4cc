package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A kind of detector. Immutable, so safe for several threads. */
public interface DetectorFamily {
    /** {@code NanoDet} */
    String name();

    /** Names of the classes; the index is the class id. */
    List<String> labels();

    /**
     * Largest overlap (IoU) of two boxes of one class that the model's authors let stand. Empty if the network tells each
     * object once, so that nothing has to be suppressed.
     */
    default OptionalDouble overlap() {
        return OptionalDouble.empty();
    }

    /** Which of the network's outputs {@link #decode} reads. */
    List<String> outputs();

    /**
     * Whether the rows of the network's outputs are pictures, so that it may be run for several at once. Else they are boxes,
     * as many as it has found, and which are whose cannot be seen.
     */
    default boolean rowsArePictures() {
        return true;
    }

    /**
     * The picture as the network wants it.
     *
     * @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED, within a few rows
     */
    PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation);

    /**
     * Boxes in pixels of the network's input, best score first; of equal scores that of the earlier place.
     *
     * @param outputs of one picture
     * @param placement where the picture lies in the input
     */
    List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter);

    /** The class's name, or its number if the model has not told how many there are. */
    default String label(int classId) {
        return classId < labels().size() ? labels().get(classId) : "class " + classId;
    }
}
