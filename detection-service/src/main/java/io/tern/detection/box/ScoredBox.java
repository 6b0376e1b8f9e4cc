package io.tern.detection.box;

/** A box, how sure the network is that an object of this class is there (0..1), and the index of the class. */
public record ScoredBox(Box box, float score, int classId) {}
