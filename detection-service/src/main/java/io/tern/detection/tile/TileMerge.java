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
    /** They become the box around them with the best score: non-maximum merging, Akyon et al. 2022 (SAHI). */
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
     * @param detections best score first
     * @param most how many are kept
     */
    List<Detection> merge(List<Detection> detections, int most) {
        List<Detection> left = new ArrayList<>(detections);
        List<Detection> kept = new ArrayList<>();
        while (!left.isEmpty() && kept.size() < most) {
            Detection best = left.removeFirst();
            kept.add(new Detection(best.classId(), best.className(), best.score(), take(best, left)));
        }
        return kept;
    }

    /** Takes out what matches, and what matches what has become of that. */
    private Box take(Detection best, List<Detection> left) {
        Box box = best.box();
        boolean grown = true;
        while (grown) {
            Box before = box;
            for (Iterator<Detection> others = left.iterator(); others.hasNext(); ) {
                Detection other = others.next();
                if (other.classId() == best.classId() && matches(box, other.box())) {
                    box = join(box, other.box());
                    others.remove();
                }
            }
            grown = !box.equals(before);
        }
        return box;
    }

    private static boolean matches(Box a, Box b) {
        double width = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
        double height = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
        double intersection = Math.max(0, width) * Math.max(0, height);
        return intersection > LEAST_COVER * Math.max(SMALLEST_AREA, Math.min(a.area(), b.area()));
    }
}
