package io.tern.detection.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.detection.Golden;
import io.tern.detection.Npz;
import io.tern.detection.box.Box;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Against torchvision's operators; their maps are random, so no bin has its neighbour's value. */
class GoldenPoolingTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"ps_roi_pool_0", "ps_roi_pool_1", "ps_roi_pool_3", "ps_roi_pool_4"})
    void poolsAsInThePaper(String vector) {
        Vector golden = Vector.read(vector);
        assertPools(golden, new PsRoiPooling(golden.scale()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ps_roi_align_0", "ps_roi_align_1", "ps_roi_align_3", "ps_roi_align_4"})
    void alignsWithoutRounding(String vector) {
        Vector golden = Vector.read(vector);
        assertPools(golden, new PsRoiAlign(golden.scale(), 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deform_ps_roi_0", "deform_ps_roi_1", "deform_ps_roi_3", "deform_ps_roi_4"})
    void movesTheBinsByTheirOffsets(String vector) {
        Vector golden = Vector.read(vector);
        DeformablePsRoiPooling pooling = new DeformablePsRoiPooling(
                new PsRoiAlign(golden.scale(), 2), golden.about().get("gamma").doubleValue());
        double[] offsets = golden.array("trans");
        int each = offsets.length / golden.regions();
        for (int region = 0; region < golden.regions(); region++) {
            float[] own = floats(Arrays.copyOfRange(offsets, region * each, (region + 1) * each));
            golden.assertBins(region, pooling.pool(golden.maps(region), golden.region(region), own));
        }
    }

    @Test
    void offsetsOfZeroMoveNothing() {
        Vector golden = Vector.read("deform_ps_roi_0");
        PsRoiAlign align = new PsRoiAlign(golden.scale(), 2);
        PositionSensitiveMaps maps = golden.maps(0);
        float[] still = new DeformablePsRoiPooling(align, 0.1).pool(maps, golden.region(0), new float[18]);
        assertThat(still).containsExactly(align.pool(maps, golden.region(0)));
        assertThatThrownBy(() -> new DeformablePsRoiPooling(align, 0.1).pool(maps, golden.region(0), new float[9]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Pooling and aligning are different operators, and the golden vectors see it. */
    @Test
    void thePoolingsAreNotTheSame() {
        Vector golden = Vector.read("ps_roi_pool_0");
        float[] pooled = new PsRoiPooling(golden.scale()).pool(golden.maps(0), golden.region(0));
        float[] aligned = new PsRoiAlign(golden.scale(), 2).pool(golden.maps(0), golden.region(0));
        double largest = 0;
        for (int i = 0; i < pooled.length; i++) {
            largest = Math.max(largest, Math.abs(pooled[i] - aligned[i]));
        }
        assertThat(largest).isGreaterThan(100 * TOLERANCE);
    }

    @Test
    void regionsOutsideThePictureAreEmptyAndNotAnError() {
        PositionSensitiveMaps maps = new PositionSensitiveMaps(new float[4 * 25], 1, 2, 5, 5);
        for (Box far : new Box[] {new Box(-1e6, -1e6, -1e5, -1e5), new Box(1e6, 1e6, 1e7, 1e7), new Box(3, 3, 3, 3)}) {
            assertThat(new PsRoiPooling(1).pool(maps, far)).hasSize(4).containsOnly(0);
            assertThat(new PsRoiAlign(1, 2).pool(maps, far)).hasSize(4).containsOnly(0);
        }
    }

    private static void assertPools(Vector golden, RegionPooling pooling) {
        double[] votes = golden.array("vote");
        for (int region = 0; region < golden.regions(); region++) {
            PositionSensitiveMaps maps = golden.maps(region);
            float[] bins = pooling.pool(maps, golden.region(region));
            golden.assertBins(region, bins);
            float[] vote = Vote.of(bins, maps.outputs());
            for (int output = 0; output < vote.length; output++) {
                assertThat((double) vote[output]).isCloseTo(votes[region * vote.length + output], within(TOLERANCE));
            }
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private record Vector(JsonNode about, Path arrays) {
        static Vector read(String name) {
            return new Vector(
                    Golden.json("ops/" + name + ".json"), Golden.folder().resolve("ops/" + name + ".npz"));
        }

        double[] array(String name) {
            return Npz.read(arrays, name);
        }

        double scale() {
            return about.get("spatial_scale").doubleValue();
        }

        int regions() {
            return about.at("/arrays/rois/1/0").intValue();
        }

        Box region(int number) {
            double[] rois = array("rois");
            return new Box(rois[4 * number], rois[4 * number + 1], rois[4 * number + 2], rois[4 * number + 3]);
        }

        /** Of the picture that the region lies in. */
        PositionSensitiveMaps maps(int region) {
            JsonNode shape = about.at("/arrays/maps/1");
            int bins = about.get("k").intValue();
            double[] all = array("maps");
            int each = all.length / shape.get(0).intValue();
            int picture = (int) array("bidx")[region];
            return new PositionSensitiveMaps(
                    floats(Arrays.copyOfRange(all, picture * each, (picture + 1) * each)),
                    about.get("output_dim").intValue(),
                    bins,
                    shape.get(2).intValue(),
                    shape.get(3).intValue());
        }

        void assertBins(int region, float[] bins) {
            double[] expected = array("expected");
            for (int i = 0; i < bins.length; i++) {
                assertThat((double) bins[i])
                        .as("region %d, value %d", region, i)
                        .isCloseTo(expected[region * bins.length + i], within(TOLERANCE));
            }
        }
    }
}
