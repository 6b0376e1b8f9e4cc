package io.tern.detection.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.detection.Detection;
import io.tern.detection.box.Box;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ByteTrackerTest {
    private final ByteTracker tracker = new ByteTracker(new TrackSettings(0.5f, 0.1f, 30));

    @Test
    void givesTheBoxesOfTheFirstFrameIdsAtOnce() {
        assertThat(ids(tracker.update(List.of(at(0, 0.9), at(100, 0.8), at(200, 0.3)))))
                .containsExactly(1L, 2L);
    }

    @Test
    void aLaterBoxHasToBeSeenTwice() {
        tracker.update(List.of());
        assertThat(ids(tracker.update(List.of(at(0, 0.9))))).containsExactly((Long) null);
        assertThat(ids(tracker.update(List.of(at(1, 0.9))))).containsExactly(1L);
        tracker.update(List.of(at(1, 0.9), at(300, 0.9)));
        tracker.update(List.of(at(1, 0.9)));
        assertThat(ids(tracker.update(List.of(at(1, 0.9), at(300, 0.9)))))
                .as("noise of one frame takes no id")
                .containsExactly(1L, null);
    }

    @Test
    void anUnsureBoxGoesOnWithATrackButBeginsNone() {
        tracker.update(List.of(at(0, 0.9)));
        List<Detection> half = tracker.update(List.of(at(2, 0.15), at(300, 0.45)));
        assertThat(ids(half)).containsExactly(1L);
        assertThat(half.getFirst().score()).isEqualTo(0.15f);
        tracker.update(List.of(at(4, 0.05)));
        assertThat(ids(tracker.update(List.of(at(6, 0.9)))))
                .as("found again after a frame without")
                .containsExactly(1L);
    }

    /** What the second round is for: without it the hidden object would have been lost and its id with it. */
    @Test
    void keepsTheIdOfAnObjectThatIsHalfHiddenForLong() {
        ByteTracker without = new ByteTracker(new TrackSettings(0.5f, 0.5f, 2));
        ByteTracker with = new ByteTracker(new TrackSettings(0.5f, 0.1f, 2));
        List<@Nullable Long> idsWith = new ArrayList<>();
        List<@Nullable Long> idsWithout = new ArrayList<>();
        for (int frame = 0; frame < 30; frame++) {
            double score = frame >= 10 && frame < 20 ? 0.2 : 0.9;
            idsWith.addAll(ids(with.update(List.of(at(3 * frame, score)))));
            idsWithout.addAll(ids(without.update(List.of(at(3 * frame, score)))));
        }
        assertThat(idsWith).hasSize(30).containsOnly(1L);
        assertThat(idsWithout.getLast()).isEqualTo(2L);
    }

    @Test
    void findsAnObjectBehindWhichItWasHidden() {
        for (int frame = 0; frame < 20; frame++) {
            tracker.update(List.of(at(5 * frame, 0.9)));
        }
        for (int frame = 20; frame < 45; frame++) {
            assertThat(tracker.update(List.of())).isEmpty();
        }
        assertThat(ids(tracker.update(List.of(at(5 * 45, 0.9))))).containsExactly(1L);
    }

    @Test
    void forgetsAnObjectThatIsGoneTooLong() {
        ByteTracker forgetful = new ByteTracker(new TrackSettings(0.5f, 0.1f, 5));
        forgetful.update(List.of(at(0, 0.9)));
        for (int frame = 0; frame < 6; frame++) {
            forgetful.update(List.of());
        }
        forgetful.update(List.of(at(0, 0.9)));
        assertThat(ids(forgetful.update(List.of(at(0, 0.9))))).containsExactly(2L);
    }

    @Test
    void classesShareNoTrack() {
        tracker.update(List.of(at(0, 0.9, 15)));
        assertThat(ids(tracker.update(List.of(at(0, 0.9, 16))))).containsExactly((Long) null);
    }

    /** Many objects on crossing ways, seen with noise, misses and half hidden: nearly no id changes its object. */
    @Test
    void keepsIdsThroughACrowd() {
        Random random = new Random(3);
        int objects = 12;
        int frames = 120;
        double[][] course = new double[objects][4];
        for (double[] way : course) {
            way[0] = random.nextDouble() * 800;
            way[1] = random.nextDouble() * 600;
            way[2] = random.nextGaussian() * 3;
            way[3] = random.nextGaussian() * 3;
        }
        Map<Integer, Long> lastIds = new HashMap<>();
        int switches = 0;
        int told = 0;
        for (int frame = 0; frame < frames; frame++) {
            List<Detection> seen = new ArrayList<>();
            Map<Box, Integer> truth = new HashMap<>();
            for (int i = 0; i < objects; i++) {
                if (random.nextInt(12) == 0) {
                    continue;
                }
                double x = course[i][0] + frame * course[i][2] + random.nextGaussian();
                double y = course[i][1] + frame * course[i][3] + random.nextGaussian();
                float score = random.nextInt(6) == 0 ? 0.2f : 0.9f;
                Detection detection = new Detection(0, "thing", score, new Box(x, y, x + 40, y + 80));
                seen.add(detection);
                truth.put(detection.box(), i);
            }
            for (Detection one : tracker.update(seen)) {
                if (one.trackId() != null) {
                    told++;
                    Long before = lastIds.put(truth.get(one.box()), one.trackId());
                    if (before != null && !before.equals(one.trackId())) {
                        switches++;
                    }
                }
            }
        }
        assertThat(told).isGreaterThan(objects * frames * 8 / 10);
        assertThat(switches).isLessThanOrEqualTo(4);
    }

    @Test
    void refusesSettingsThatAreNone() {
        for (float wrong : new float[] {Float.NaN, -0.1f, 0.6f}) {
            assertThatThrownBy(() -> new TrackSettings(0.5f, wrong, 30))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.field()).isEqualTo("stream.low_threshold"));
        }
        assertThatThrownBy(() -> new TrackSettings(0.5f, 0.1f, 0)).hasMessageContaining("1..10000");
        assertThat(TrackSettings.around(0.05f).lowThreshold()).isEqualTo(0.05f);
    }

    private static Detection at(double x, double score) {
        return at(x, score, 0);
    }

    private static Detection at(double x, double score, int classId) {
        return new Detection(classId, "class " + classId, (float) score, new Box(x, 10, x + 40, 90));
    }

    private static List<@Nullable Long> ids(List<Detection> told) {
        List<@Nullable Long> ids = new ArrayList<>();
        told.forEach(one -> ids.add(one.trackId()));
        return ids;
    }
}
