package io.tern.detection;

import io.tern.detection.box.Box;
import org.jspecify.annotations.Nullable;

/**
 * An object that was found.
 *
 * @param classId index of the class in the model's list, from 0
 * @param score 0..1
 * @param box in pixels of the picture, inside it
 * @param trackId the same for one object in all frames of a film, from 1; null if there is no film, or the object was not
 *     seen often enough
 */
public record Detection(
        int classId,
        String className,
        float score,
        Box box,
        @Nullable Long trackId) {
    /** Outside of a film. */
    public Detection(int classId, String className, float score, Box box) {
        this(classId, className, score, box, null);
    }

    /** The same object in another place. */
    public Detection in(Box other) {
        return new Detection(classId, className, score, other, trackId);
    }

    public Detection onTrack(long id) {
        return new Detection(classId, className, score, box, id);
    }
}
