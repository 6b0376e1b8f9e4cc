package io.tern.detection.family;

import java.util.List;

/** How many places the grids of one-stage detectors have: one for each {@code stride} pixels each way. */
final class Grids {
    private static final List<List<Integer>> USUAL =
            List.of(List.of(8, 16, 32), List.of(8, 16, 32, 64), List.of(4, 8, 16, 32), List.of(16, 32));

    private Grids() {}

    /** Whether usual grids over an input of this size have so many places, with {@code anchors} boxes at each. */
    static boolean have(long places, int anchors, int width, int height) {
        return USUAL.stream().anyMatch(strides -> places == anchors * places(strides, width, height));
    }

    static long places(List<Integer> strides, int width, int height) {
        long places = 0;
        for (int stride : strides) {
            places += (long) Math.ceilDiv(width, stride) * Math.ceilDiv(height, stride);
        }
        return places;
    }
}
