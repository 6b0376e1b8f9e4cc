package io.tern.detection;

import io.tern.base.TernException;
import io.tern.detection.box.Box;
import java.util.List;

/**
 * A part of the picture, bounded by a polygon. An object is in it if the middle of its box's lower edge is: where it
 * stands, as most cameras look down.
 *
 * @param corners in pixels of the picture, 3..100
 */
public record Zone(String name, List<Corner> corners) {
    private static final int MOST_CORNERS = 100;

    /** In pixels. */
    public record Corner(double x, double y) {}

    /** @throws TernException INVALID_ARGUMENT for a zone without a name, with too few or too many corners, or endless */
    public Zone {
        corners = List.copyOf(corners);
        TernException.require(!name.isEmpty(), "zones.name", "empty", "a name");
        TernException.require(
                3 <= corners.size() && corners.size() <= MOST_CORNERS,
                "zones.points",
                corners.size() + " points",
                "3.." + MOST_CORNERS);
        for (Corner corner : corners) {
            TernException.require(
                    Double.isFinite(corner.x) && Double.isFinite(corner.y), "zones.points", corner, "finite numbers");
        }
    }

    public boolean holds(Box box) {
        return holds((box.x1() + box.x2()) / 2, box.y2());
    }

    /** Even-odd rule: a ray to the right crosses the border an odd number of times. */
    private boolean holds(double x, double y) {
        boolean inside = false;
        Corner before = corners.getLast();
        for (Corner corner : corners) {
            if (corner.y > y != before.y > y
                    && x < (before.x - corner.x) * (y - corner.y) / (before.y - corner.y) + corner.x) {
                inside = !inside;
            }
            before = corner;
        }
        return inside;
    }
}
