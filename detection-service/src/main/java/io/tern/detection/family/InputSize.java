package io.tern.detection.family;

import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The size of a network's pictures, in pixels.
 *
 * <p>Where a file leaves height or width open, there are traces of the size that it was made with, from the surest to the
 * least: its metadata, the count of places in its outputs, and the dimensions of constants that its exporter computed,
 * as those of a grid of anchors. A graph that computes all of those itself takes any size, and then has the usual one.
 */
record InputSize(int width, int height) {
    private static final InputSize USUAL = square(640);
    private static final List<Integer> SIDES =
            List.of(320, 416, 512, 608, 1280, 224, 256, 288, 300, 384, 448, 480, 800);
    private static final int STEP = 32;
    private static final int LARGEST = 2048;
    /** Grids of fewer places say little: so many are channels or classes as well. */
    private static final long LEAST_PLACES = 500;

    private static final Pattern NUMBERS = Pattern.compile("\\[?\\s*(\\d{2,4})\\s*(?:,\\s*(\\d{2,4})\\s*)?]?");

    static InputSize square(int side) {
        return new InputSize(side, side);
    }

    /**
     * Sizes to try with a model, the likeliest first.
     *
     * @param width of its input; at most 0: open
     */
    static List<InputSize> candidates(NetworkSignature signature, int width, int height) {
        if (width > 0 && height > 0) {
            return List.of(new InputSize(width, height));
        }
        Set<InputSize> sizes = new LinkedHashSet<>(advised(signature));
        int known = Math.max(width, height);
        if (known > 0) {
            sizes.add(square(known));
        }
        for (Port output : signature.outputs()) {
            sizes.addAll(ofPlaces(new LinkedHashSet<>(output.shape().toList())));
        }
        sizes.add(USUAL);
        sizes.addAll(ofPlaces(signature.graph().extents()));
        SIDES.forEach(side -> sizes.add(square(side)));
        return sizes.stream()
                .map(size -> new InputSize(width > 0 ? width : size.width, height > 0 ? height : size.height))
                .distinct()
                .toList();
    }

    /** {@code imgsz} is one side or {@code [height, width]}. */
    private static Set<InputSize> advised(NetworkSignature signature) {
        Matcher sizes = NUMBERS.matcher(signature.metadata().getOrDefault("imgsz", ""));
        if (!sizes.matches()) {
            return Set.of();
        }
        int height = Integer.parseInt(sizes.group(1));
        return Set.of(new InputSize(sizes.group(2) == null ? height : Integer.parseInt(sizes.group(2)), height));
    }

    /** Sizes whose grids have one of these counts of places: squares, then pictures of the usual length. */
    private static Set<InputSize> ofPlaces(Set<Long> counts) {
        Set<InputSize> sizes = new LinkedHashSet<>();
        IntStream.rangeClosed(1, LARGEST / STEP)
                .mapToObj(steps -> square(steps * STEP))
                .filter(size -> size.hasPlaces(counts))
                .forEach(sizes::add);
        for (int steps = 7; steps < USUAL.width / STEP; steps++) {
            InputSize wide = new InputSize(USUAL.width, steps * STEP);
            if (wide.hasPlaces(counts)) {
                sizes.add(wide);
                sizes.add(new InputSize(wide.height, wide.width));
            }
        }
        return sizes;
    }

    private boolean hasPlaces(Set<Long> counts) {
        return counts.stream()
                .filter(count -> count >= LEAST_PLACES)
                .anyMatch(count -> Grids.have(count, 1, width, height) || Grids.have(count, 3, width, height));
    }
}
