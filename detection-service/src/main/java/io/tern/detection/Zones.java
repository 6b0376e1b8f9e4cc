package io.tern.detection;

import io.tern.base.TernException;
import io.tern.detection.box.Box;
import java.util.List;

/** Where objects are wanted; without a zone, everywhere. */
public record Zones(List<Zone> zones) {
    private static final int MOST_ZONES = 32;
    private static final Zones EVERYWHERE = new Zones(List.of());

    /** @throws TernException INVALID_ARGUMENT for too many, or two of one name */
    public Zones {
        zones = List.copyOf(zones);
        TernException.require(zones.size() <= MOST_ZONES, "zones", zones.size() + " zones", "at most " + MOST_ZONES);
        long names = zones.stream().map(Zone::name).distinct().count();
        TernException.require(names == zones.size(), "zones.name", "a name twice", "one zone a name");
    }

    public static Zones everywhere() {
        return EVERYWHERE;
    }

    /** Those of the detections that are wanted, in their order. */
    public List<Detection> of(List<Detection> detections) {
        return zones.isEmpty()
                ? detections
                : detections.stream()
                        .filter(detection -> !names(detection.box()).isEmpty())
                        .toList();
    }

    /** Names of the zones that hold the object. */
    public List<String> names(Box box) {
        return zones.stream().filter(zone -> zone.holds(box)).map(Zone::name).toList();
    }
}
