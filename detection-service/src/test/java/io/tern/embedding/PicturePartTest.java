package io.tern.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.detection.box.Box;
import io.tern.imaging.RgbImage;
import org.junit.jupiter.api.Test;

class PicturePartTest {
    /** The pixel in column x and row y has the colour 100 y + x. */
    private static final RgbImage PICTURE = picture();

    @Test
    void cutsASquareWithSomeGroundAroundTheObject() {
        RgbImage part = PicturePart.around(PICTURE, new Box(20, 14, 38, 20)); // 18 wide: a square of 20, from 19, 7
        assertThat(part.width()).isEqualTo(20);
        assertThat(part.height()).isEqualTo(20);
        assertThat(part.pixel(0, 0)).isEqualTo(100 * 7 + 19);
    }

    @Test
    void leavesOutWhatIsOutsideThePicture() {
        RgbImage part = PicturePart.around(PICTURE, new Box(-9, 0, 9, 18)); // a square of 20, from -10, -1
        assertThat(part.width()).isEqualTo(10);
        assertThat(part.height()).isEqualTo(19);
        assertThat(part.pixel(0, 0)).isZero();
    }

    @Test
    void takesEachPixelThatIsTouchedAndAtLeastOne() {
        assertThat(PicturePart.touched(PICTURE, new Box(0.5, 0.5, 2.1, 900)).width())
                .isEqualTo(3);
        assertThat(PicturePart.touched(PICTURE, new Box(0.5, 0.5, 2.1, 900)).height())
                .isEqualTo(30);
        RgbImage one = PicturePart.touched(PICTURE, new Box(7, 5, 7, 5));
        assertThat(one.width() * one.height()).isEqualTo(1);
        assertThat(one.pixel(0, 0)).isEqualTo(507);
        assertThat(PicturePart.touched(PICTURE, new Box(900, 900, 901, 901)).pixel(0, 0))
                .isEqualTo(100 * 29 + 39);
    }

    private static RgbImage picture() {
        byte[] rgb = new byte[3 * 40 * 30];
        for (int i = 0; i < 40 * 30; i++) {
            int colour = 100 * (i / 40) + i % 40;
            rgb[3 * i + 1] = (byte) (colour >> 8);
            rgb[3 * i + 2] = (byte) colour;
        }
        return new RgbImage(40, 30, rgb);
    }
}
