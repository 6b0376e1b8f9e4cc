package io.tern.imaging.png;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.imaging.Grey16Image;
import io.tern.imaging.RgbImage;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngEncoderTest {
    @Test
    void writesPixelsThatAnotherDecoderReadsBack() throws Exception {
        for (int[] size : new int[][] {{1, 1}, {7, 3}, {64, 48}, {1, 50}}) {
            RgbImage image = noise(size[0], size[1]);
            var read = ImageIO.read(new ByteArrayInputStream(PngEncoder.encode(image)));
            assertThat(read.getWidth()).isEqualTo(image.width());
            assertThat(read.getHeight()).isEqualTo(image.height());
            for (int y = 0; y < image.height(); y++) {
                for (int x = 0; x < image.width(); x++) {
                    assertThat(read.getRGB(x, y) & 0xffffff).isEqualTo(image.pixel(x, y));
                }
            }
        }
    }

    @Test
    void writesGreyLevelsOf16BitsThatAnotherDecoderReadsBack() throws Exception {
        Random random = new Random(5);
        char[] levels = new char[31 * 17];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (char) random.nextInt(65_536);
        }
        Grey16Image image = new Grey16Image(31, 17, levels);
        var read = ImageIO.read(new ByteArrayInputStream(PngEncoder.encode(image)));
        assertThat(read.getRaster().getNumBands()).isEqualTo(1);
        for (int y = 0; y < 17; y++) {
            for (int x = 0; x < 31; x++) {
                assertThat(read.getRaster().getSample(x, y, 0)).isEqualTo(image.level(x, y));
                assertThat(image.toRgb().pixel(x, y)).isEqualTo((image.level(x, y) >> 8) * 0x010101);
            }
        }
    }

    @Test
    void writesTheSameBytesForTheSamePictureWhateverTheOrderOfTheTexts() {
        RgbImage image = noise(20, 20);
        Map<String, String> forwards = new LinkedHashMap<>();
        forwards.put("a", "1");
        forwards.put("b", "2");
        Map<String, String> backwards = new LinkedHashMap<>();
        backwards.put("b", "2");
        backwards.put("a", "1");
        assertThat(PngEncoder.encode(image, forwards))
                .isEqualTo(PngEncoder.encode(image, forwards))
                .isEqualTo(PngEncoder.encode(image, backwards));
    }

    @Test
    void writesLatin1TextAsItIsAndOtherTextAsUtf8() {
        byte[] png = PngEncoder.encode(noise(2, 2), Map.of("parameters", "line\nSteps: 20 é", "prompt", "eine 🐦\0!"));
        String latin1 = new String(png, ISO_8859_1);
        assertThat(latin1).contains("tEXtparameters\0line\nSteps: 20 é");
        assertThat(new String(png, UTF_8)).contains("iTXtprompt\0\0\0\0\0eine 🐦\ufffd!");
    }

    @Test
    void refusesAKeywordThatPngCannotHold() {
        assertThatThrownBy(() -> PngEncoder.encode(noise(2, 2), Map.of("", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PngEncoder.encode(noise(2, 2), Map.of("🐦", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PngEncoder.encode(noise(2, 2), Map.of("k".repeat(80), "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RgbImage noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(7).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }
}
