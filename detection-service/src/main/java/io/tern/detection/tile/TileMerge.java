package io.tern.detection.tile;

import io.tern.base.TernException;
import io.tern.detection.Detection;
import io.tern.detection.box.Box;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What becomes of boxes that several tiles have of one object. Two boxes of one class match if their intersection covers
 * more than half of the smaller one: an object that a tile's edge cuts matches its whole, which IoU would not see.
 */
public enum TileMerge {
    /** Of boxes that match the best stays. An object larger than a tile may be left in parts: they match no other. */
    NMS {
        @Override
        Box join(Box kept, Box matching) {
            return kept;
        }
    },
    /** They become the box around them with the best score: greedy non-maximum merging, Akyon et al. 2022 (SAHI). */
    NMM {
        @Override
        Box join(Box kept, Box matching) {
            return new Box(
                    Math.min(kept.x1(), matching.x1()),
                    Math.min(kept.y1(), matching.y1()),
                    Math.max(kept.x2(), matching.x2()),
                    Math.max(kept.y2(), matching.y2()));
        }
    };

    private static final double LEAST_COVER = 0.5;
    private static final double SMALLEST_AREA = 1e-12;

    /** @throws TernException INVALID_ARGUMENT for another word */
    public static TileMerge named(String name) {
        for (TileMerge merge : values()) {
            if (merge.name().toLowerCase(Locale.ROOT).equals(name)) {
                return merge;
            }
        }
        throw TernException.invalid("tile_merge", name, "nms or nmm");
    }

    abstract Box join(Box kept, Box matching);

    /**
     * Greedy, from the best score downwards: a box takes out those that match its own, and grows by the sure ones. What has
     * grown is not looked for again, so that no box grows from neighbour to neighbour.
     *
     * @param detections best score first
     * @param sure score from which a box may change another one; a weaker one changes only weaker ones
     * @param most how many are kept
     * @return of which no two match
     */
    List<Detection> merge(List<Detection> detections, float sure, int most) {
        List<Detection> left = new ArrayList<>(detections);
        List<Detection> kept = new ArrayList<>();
        while (!left.isEmpty() && kept.size() < most) {
            Detection best = left.removeFirst();
            if (isFree(best, kept)) {
                Detection joined = best.in(take(best, left, sure));
                // Joined it may reach into a better one, which it did not before: an object of its own then.
                kept.add(isFree(joined, kept) ? joined : best);
            }
        }
        return kept;
    }

    private Box take(Detection best, List<Detection> left, float sure) {
        Box box = best.box();
        for (Iterator<Detection> others = left.iterator(); others.hasNext(); ) {
            Detection other = others.next();
            if (matches(best, other)) {
                others.remove();
                // A larger one that only the box itself matched is not that object any more.
                if ((other.score() >= sure || best.score() < sure) && matches(best.in(box), other)) {
                    box = join(box, other.box());
                }
            }
        }
        return box;
    }

    private static boolean isFree(Detection one, List<Detection> kept) {
        return kept.stream().noneMatch(better -> matches(better, one));
    }

    private static boolean matches(Detection a, Detection b) {
        return a.classId() == b.classId() && cover(a.box(), b.box()) > LEAST_COVER;
    }

    /** How much of the smaller one the other covers, 0..1: intersection over smaller. */
    private static double cover(Box a, Box b) {
        double width = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
        double height = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
        double intersection = Math.max(0, width) * Math.max(0, height);
        return intersection / Math.max(SMALLEST_AREA, Math.min(a.area(), b.area()));
    }
}
