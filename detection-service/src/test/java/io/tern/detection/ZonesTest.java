package io.tern.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.detection.Zone.Corner;
import io.tern.detection.box.Box;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZonesTest {
    private static final List<Corner> SQUARE =
            List.of(new Corner(0, 0), new Corner(10, 0), new Corner(10, 10), new Corner(0, 10));
    /** A horseshoe open to the top. */
    private static final List<Corner> HORSESHOE = List.of(
            new Corner(0, 0),
            new Corner(3, 0),
            new Corner(3, 7),
            new Corner(7, 7),
            new Corner(7, 0),
            new Corner(10, 0),
            new Corner(10, 10),
            new Corner(0, 10));

    @Test
    void anObjectIsWhereItStands() {
        Zone zone = new Zone("door", SQUARE);
        assertThat(zone.holds(new Box(4, -50, 6, 5))).as("feet inside").isTrue();
        assertThat(zone.holds(new Box(4, 5, 6, 15))).as("feet outside").isFalse();
        assertThat(zone.holds(new Box(-30, 0, 20, 5))).as("middle outside").isFalse();
    }

    @Test
    void aPolygonMayBeHollow() {
        Zone zone = new Zone("yard", HORSESHOE);
        assertThat(zone.holds(new Box(1, 0, 2, 5))).isTrue();
        assertThat(zone.holds(new Box(4, 0, 6, 5))).isFalse();
        assertThat(zone.holds(new Box(4, 0, 6, 8))).isTrue();
        assertThat(new Zone("back", HORSESHOE.reversed()).holds(new Box(4, 0, 6, 8)))
                .isTrue();
    }

    @Test
    void leavesOutWhatIsInNone() {
        Detection in = new Detection(0, "cat", 0.9f, new Box(4, 0, 6, 5));
        Detection out = new Detection(0, "cat", 0.8f, new Box(40, 0, 60, 5));
        Zones zones = new Zones(List.of(new Zone("a", SQUARE), new Zone("b", HORSESHOE)));
        assertThat(zones.of(List.of(in, out))).containsExactly(in);
        assertThat(zones.names(new Box(1, 0, 2, 5))).containsExactly("a", "b");
        assertThat(Zones.everywhere().of(List.of(in, out))).containsExactly(in, out);
    }

    @Test
    void refusesZonesThatAreNone() {
        assertRefused(() -> new Zone("", SQUARE), "zones.name");
        assertRefused(() -> new Zone("a", SQUARE.subList(0, 2)), "zones.points");
        assertRefused(() -> new Zone("a", Collections.nCopies(101, new Corner(0, 0))), "zones.points");
        assertRefused(
                () -> new Zone("a", List.of(new Corner(0, Double.NaN), new Corner(1, 0), new Corner(1, 1))),
                "zones.points");
        Zone zone = new Zone("a", SQUARE);
        assertRefused(() -> new Zones(List.of(zone, zone)), "zones.name");
        assertRefused(() -> new Zones(Collections.nCopies(33, zone)), "zones");
    }

    private static void assertRefused(Runnable make, String field) {
        assertThatThrownBy(make::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
