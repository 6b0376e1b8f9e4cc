package io.tern.decoding.convert;

/** How queries and keys are normalised before they are turned. */
enum QueryKeyNorms {
    NONE,
    /** Each head by itself, all with one weight. */
    EACH_HEAD,
    /** All heads together. */
    ALL_HEADS
}
