package io.tern.detection;

import io.tern.detection.box.Box;

/**
 * An object that was found.
 *
 * @param classId index of the class in the model's list, from 0
 * @param score 0..1
 * @param box in pixels of the picture, inside it
 */
public record Detection(int classId, String className, float score, Box box) {}
