package io.tern.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.png.PngEncoder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PngTextTest {
    private static final RgbImage IMAGE = new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    private static final Map<String, String> TEXTS = Map.of("a", "Latin é", "b", "eine 🐦", "c", "");

    @Test
    void readsBackWhatTheEncoderWrote() {
        assertThat(ImageTexts.ofPng("image", PngEncoder.encode(IMAGE, TEXTS))).isEqualTo(TEXTS);
        assertThat(ImageTexts.ofPng("image", PngEncoder.encode(IMAGE))).isEmpty();
    }

    @Test
    void refusesWhatIsNoPng() {
        assertThatThrownBy(() -> ImageTexts.ofPng("image", new byte[] {1, 2, 3}))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage("image: no PNG (expected: a PNG file)");
    }

    @Test
    void refusesATextWhoseChecksumIsWrong() {
        byte[] png = PngEncoder.encode(IMAGE, Map.of("k", "value"));
        png[8 + 25 + 8 + 3]++; // within the text, which follows the header
        assertThatThrownBy(() -> ImageTexts.ofPng("image", png))
                .hasMessageContaining("chunk tEXt has a wrong checksum");
    }

    /** Whatever the bytes: texts or a refusal, nothing else. */
    @Test
    void survivesDamage() {
        byte[] png = PngEncoder.encode(IMAGE, TEXTS);
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = Arrays.copyOf(png, 9 + random.nextInt(png.length - 8));
            damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt();
            try {
                ImageTexts.ofPng("image", damaged);
            } catch (TernException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
