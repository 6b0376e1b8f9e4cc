package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.imaging.codec.OutputFormat;
import org.junit.jupiter.api.Test;

class PictureEncodingTest {
    private static final PictureEncoding WEBP = new PictureEncoding(OutputFormat.WEBP, PictureEncoding.BEST);

    @Test
    void sixteenBitsOfGreyAreInPngAlone() {
        assertThatThrownBy(() -> WEBP.check(false, 8, 8))
                .isInstanceOf(TernException.class)
                .hasMessage("output_format: webp (expected: png, as pictures of this model are of 16-bit grey)");
        assertThatCode(() -> new PictureEncoding(OutputFormat.PNG, 100).check(false, 8, 8))
                .doesNotThrowAnyException();
    }

    @Test
    void aSideHasToFitTheFormat() {
        assertThatCode(() -> WEBP.check(true, 16_384, 8)).doesNotThrowAnyException();
        assertThatThrownBy(() -> WEBP.check(true, 16_385, 8))
                .hasMessage("output_format: webp for 16385 x 8 pixels (expected: sides of at most 16384)");
    }

    @Test
    void onlyAJpegCanBeWorse() {
        assertThatThrownBy(() -> new PictureEncoding(OutputFormat.WEBP, 80))
                .hasMessage("output_compression: 80 (expected: 100 with webp, which loses nothing)");
    }
}
