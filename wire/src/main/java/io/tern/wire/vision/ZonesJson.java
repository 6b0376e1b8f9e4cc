package io.tern.wire.vision;

import io.tern.base.TernException;
import io.tern.detection.v1.Point;
import io.tern.detection.v1.Zone;
import io.tern.wire.Fields;
import io.tern.wire.Scalars;
import io.tern.wire.StrictJson;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code [{"name": "door", "points": [[x, y], ...]}, ...]}, in a form as the text of it. */
final class ZonesJson {
    private static final String EXPECTED = "array of {\"name\", \"points\": [[x, y], ...]}";

    private ZonesJson() {}

    static List<Zone> zones(Fields fields, JsonNode node) {
        JsonNode array = StrictJson.value("zones", node);
        if (!array.isArray()) {
            throw fields.invalid("zones", EXPECTED);
        }
        List<Zone> zones = new ArrayList<>();
        for (JsonNode one : array.values()) {
            if (!(one instanceof ObjectNode object)) {
                throw fields.invalid("zones", EXPECTED);
            }
            zones.add(zone(Fields.of("zones[" + zones.size() + "].", object)));
        }
        return zones;
    }

    private static Zone zone(Fields fields) {
        Zone.Builder zone = Zone.newBuilder();
        zone.setName(fields.text("name").orElseThrow(() -> fields.invalid("name", "a name")));
        JsonNode points = fields.node("points").orElseThrow(() -> fields.invalid("points", "array of [x, y]"));
        if (!points.isArray()) {
            throw fields.invalid("points", "array of [x, y]");
        }
        points.values().forEach(point -> zone.addPoints(point(fields, point)));
        fields.refuseUnknown();
        return zone.build();
    }

    private static Point point(Fields fields, JsonNode node) {
        boolean isPoint = node.isArray()
                && node.size() == 2
                && node.get(0).isNumber()
                && node.get(1).isNumber();
        if (!isPoint) {
            throw TernException.invalid(fields.path("points"), Scalars.describe(node), "array of [x, y]");
        }
        return Point.newBuilder()
                .setX((float) node.get(0).asDouble())
                .setY((float) node.get(1).asDouble())
                .build();
    }
}
