package io.tern.detection.eval;

import io.tern.detection.box.Box;

/**
 * A labelled object.
 *
 * @param area in pixels; of the object's outline where that is known, else of its box
 * @param crowd the box is around many objects: what is found in it counts neither for nor against a detector
 */
public record Truth(int classId, Box box, double area, boolean crowd) {
    public Truth(int classId, Box box) {
        this(classId, box, box.area(), false);
    }
}
