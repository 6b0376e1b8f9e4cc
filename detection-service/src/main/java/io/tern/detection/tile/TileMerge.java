package io.tern.detection.tile;

import io.tern.base.TernException;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.box.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What becomes of boxes that several tiles have of one object. */
public enum TileMerge {
    /** The best stays. An object larger than a tile may be left in parts: they match no other. */
    NMS {
        @Override
        Box join(Box kept, Box part) {
            return kept;
        }
    },
    /** They become the box around them with the best score: greedy non-maximum merging, Akyon et al. 2022 (SAHI). */
    NMM {
        @Override
        Box join(Box kept, Box part) {
            return new Box(
                    Math.min(kept.x1(), part.x1()),
                    Math.min(kept.y1(), part.y1()),
                    Math.max(kept.x2(), part.x2()),
                    Math.max(kept.y2(), part.y2()));
        }
    };

    /** @throws TernException INVALID_ARGUMENT for another word */
    public static TileMerge named(String name) {
        for (TileMerge merge : values()) {
            if (merge.name().toLowerCase(Locale.ROOT).equals(name)) {
                return merge;
            }
        }
        throw TernException.invalid("tile_merge", name, "nms or nmm");
    }

    abstract Box join(Box kept, Box part);

    /**
     * Greedy, from the best score downwards: a box takes out those that are one object with it, and grows by the sure parts
     * among them. What it has become joins no more, so that no box grows from neighbour to neighbour; what lies for more
     * than half in it is left out.
     *
     * @param detections best score first
     * @return of which no two are one object
     */
    List<Detection> merge(List<Detection> detections, DetectionOptions options) {
        OneObject one = new OneObject(options.method(), options.iou());
        boolean[] taken = new boolean[detections.size()];
        List<Detection> kept = new ArrayList<>();
        for (int i = 0; i < taken.length && kept.size() < options.maxDetections(); i++) {
            Detection best = detections.get(i);
            if (!taken[i] && isNew(best, kept, one)) {
                Detection joined = best;
                for (int j = i + 1; j < taken.length; j++) {
                    Detection other = detections.get(j);
                    if (!taken[j] && one.isOf(best, other)) {
                        taken[j] = true;
                        boolean counts = other.score() >= options.sure() || best.score() < options.sure();
                        // A larger one that only the box itself was half of is not that object any more.
                        if (counts && one.isCut(joined, other)) {
                            joined = best.in(join(joined.box(), other.box()));
                        }
                    }
                }
                // It may have grown into a better one, which it was no part of: then it is an object of its own as it
                // was.
                kept.add(isNew(joined, kept, one) ? joined : best);
            }
        }
        return kept;
    }

    private static boolean isNew(Detection detection, List<Detection> kept, OneObject one) {
        return kept.stream().noneMatch(better -> one.isOf(better, detection));
    }
}
