package io.tern.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ResamplingTest {
    @Test
    void leavesAPictureOfThatSizeAlone() {
        RgbImage image = ramp(5, 4);
        assertThat(Resampling.resize(image, 5, 4)).isSameAs(image);
    }

    /** Half the size: weights 1, 3, 3, 1 of the four pixels below; 3, 3, 1 at the edge. */
    @Test
    void shrinksByATriangleAsWideAsTheNewPixels() {
        RgbImage image = row(0, 0, 80, 160, 240, 240);
        assertThat(Resampling.resize(image, 3, 1).rgb())
                .isEqualTo(row(11, 120, 229).rgb());
    }

    /** Twice the size: a quarter of the neighbour. */
    @Test
    void growsByInterpolation() {
        assertThat(Resampling.resize(row(0, 100), 4, 1).rgb())
                .isEqualTo(row(0, 25, 75, 100).rgb());
    }

    /** The values are Pillow's. */
    @Test
    void hasOtherFiltersToo() {
        RgbImage image = row(0, 100, 50, 200, 255, 30);
        assertThat(Resampling.resize(image, 9, 1, ResamplingFilter.LANCZOS).rgb())
                .isEqualTo(row(0, 53, 98, 50, 105, 230, 255, 133, 8).rgb());
        assertThat(Resampling.resize(image, 4, 1, ResamplingFilter.LANCZOS).rgb())
                .isEqualTo(row(37, 72, 223, 113).rgb());
        assertThat(Resampling.resize(image, 4, 1, ResamplingFilter.NEAREST).rgb())
                .isEqualTo(row(0, 50, 200, 30).rgb());
    }

    @Test
    void keepsAConstantPicture() {
        byte[] grey = new byte[3 * 7 * 9];
        Arrays.fill(grey, (byte) 200);
        assertThat(Resampling.resize(new RgbImage(7, 9, grey), 64, 3).rgb()).containsOnly((byte) 200);
    }

    private static RgbImage row(int... levels) {
        byte[] rgb = new byte[3 * levels.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) levels[i / 3];
        }
        return new RgbImage(levels.length, 1, rgb);
    }

    private static RgbImage ramp(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) i;
        }
        return new RgbImage(width, height, rgb);
    }
}
