package io.tern.imaging.webp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.Fixtures;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebpEncoderTest {
    static Stream<Arguments> pictures() {
        return Stream.of(
                Arguments.of("one pixel", noise(1, 1, 256)),
                Arguments.of("one column", noise(1, 50, 256)),
                Arguments.of("one row", noise(50, 1, 256)),
                Arguments.of("noise", noise(97, 61, 256)),
                Arguments.of("two values", noise(64, 64, 2)),
                Arguments.of("runs, and rows like those above", noise(300, 5, 1)),
                Arguments.of("more than a block of predictors", gradient(1100, 530)),
                Arguments.of("counts of a wide range", rareSymbols()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void everyPixelIsReadBack(String name, RgbImage picture) throws Exception {
        RgbImage read = ImageDecoder.decode(WebpEncoder.encode(picture));
        assertThat(read.width()).isEqualTo(picture.width());
        assertThat(read.height()).isEqualTo(picture.height());
        assertThat(Arrays.mismatch(read.rgb(), picture.rgb())).as(name).isNegative();
    }

    @Test
    void aPhotographIsSmallerThanAsPng() throws Exception {
        RgbImage photograph = Fixtures.expected("rgb.jpg");
        assertThat(WebpEncoder.encode(photograph)).hasSizeLessThan(PngEncoder.encode(photograph).length);
    }

    /** And is read, although it is 3000 times as large as its file. */
    @Test
    void aFlatPictureTakesNearlyNothing() {
        byte[] black = new byte[6_000_000];
        byte[] file = WebpEncoder.encode(new RgbImage(2000, 1000, black));
        assertThat(file).hasSizeLessThan(2000);
        assertThat(ImageDecoder.decode(file).rgb()).isEqualTo(black);
    }

    @Test
    void theLongestSideIsTheFormats() throws Exception {
        RgbImage longest = new RgbImage(WebpEncoder.LONGEST_SIDE, 1, new byte[3 * WebpEncoder.LONGEST_SIDE]);
        assertThat(ImageDecoder.decode(WebpEncoder.encode(longest)).width()).isEqualTo(WebpEncoder.LONGEST_SIDE);
        RgbImage longer = new RgbImage(1, WebpEncoder.LONGEST_SIDE + 1, new byte[3 * (WebpEncoder.LONGEST_SIDE + 1)]);
        assertThatThrownBy(() -> WebpEncoder.encode(longer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 x 16385 (expected: at most 16384)");
    }

    private static RgbImage noise(int width, int height, int values) {
        Random random = new Random(7);
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) random.nextInt(values);
        }
        return new RgbImage(width, height, rgb);
    }

    private static RgbImage gradient(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) (i / 3 % width);
            rgb[i + 1] = (byte) (i / 3 / width);
            rgb[i + 2] = (byte) (i / 1000);
        }
        return new RgbImage(width, height, rgb);
    }

    /** Values half as often each as the one before: a Huffman tree as deep as there are values, if nothing bounds it. */
    private static RgbImage rareSymbols() {
        Random random = new Random(7);
        byte[] rgb = new byte[3 * 512 * 512];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Integer.numberOfTrailingZeros(random.nextInt() | 1 << 20);
        }
        return new RgbImage(512, 512, rgb);
    }
}
