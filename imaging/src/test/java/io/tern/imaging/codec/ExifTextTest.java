package io.tern.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.exif.ExifText;
import io.tern.imaging.jpeg.JpegEncoder;
import io.tern.imaging.png.PngEncoder;
import io.tern.imaging.webp.WebpEncoder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExifTextTest {
    private static final RgbImage IMAGE = new RgbImage(3, 2, new byte[18]);

    @ParameterizedTest
    @CsvSource({"'', ''", "a, b", "abcde, eine 🐦", "'key:{}', 'two\nlines'"})
    void readsBackWhatTheEncodersWrote(String description, String comment) {
        ExifText text = new ExifText(description, comment);
        byte[] webp = WebpEncoder.encode(IMAGE, text);
        byte[] jpeg = JpegEncoder.encode(IMAGE, 1, text);

        assertThat(ImageTexts.ofExif("image", webp)).contains(text);
        assertThat(ImageTexts.ofExif("image", jpeg)).contains(text);
        assertThat(ImageDecoder.decode(webp).rgb()).isEqualTo(IMAGE.rgb());
        assertThat(ImageDecoder.decode(jpeg).height()).isEqualTo(2);
    }

    @Test
    void aJpegHasNoRoomForALongTextAndAWebpHas() {
        ExifText longest = new ExifText("x".repeat(65_534 - 2 - 6 - 56 - 8 - 1), "");
        ExifText longer = new ExifText(longest.description() + "xx", "");

        assertThat(ImageTexts.ofExif("image", JpegEncoder.encode(IMAGE, 1, longest)))
                .contains(longest);
        assertThat(JpegEncoder.encode(IMAGE, 1, longer)).isEqualTo(JpegEncoder.encode(IMAGE, 1));
        assertThat(ImageTexts.ofExif("image", WebpEncoder.encode(IMAGE, longer)))
                .contains(longer);
    }

    @Test
    void aFileWithoutSaysNothingAndAnotherIsRefused() {
        assertThat(ImageTexts.ofExif("image", WebpEncoder.encode(IMAGE))).isEmpty();
        assertThat(ImageTexts.ofExif("image", JpegEncoder.encode(IMAGE))).isEmpty();
        assertThatThrownBy(() -> ImageTexts.ofExif("image", PngEncoder.encode(IMAGE)))
                .isInstanceOf(TernException.class)
                .hasMessage("image: another file (expected: a JPEG or WebP file)");
    }

    /** Whatever the bytes: texts or a refusal, nothing else. */
    @Test
    void survivesDamage() {
        byte[] webp = WebpEncoder.encode(IMAGE, new ExifText("a description", "a comment"));
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(webp, webp.length - random.nextInt(4));
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt();
            }
            try {
                var _ = ImageTexts.ofExif("image", damaged);
            } catch (TernException _) {
                // as it should
            }
        }
    }
}
