package io.tern.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small files of each format, a part of the picture "Chelsea" (CC0, Stefan van der Walt), with what Pillow reads in them. */
public final class Fixtures {
    static final List<String> EXACT = List.of(
            "baseline.jpg",
            "subsampled.jpg",
            "progressive.jpg",
            "restarts.jpg",
            "grey.jpg",
            "rgb.jpg",
            "cmyk.jpg",
            "ycck.jpg",
            "plain-cmyk.jpg",
            "lossless.webp",
            "lossless-alpha.webp",
            "animated.webp",
            "palette.gif",
            "interlaced.gif",
            "animated.gif",
            "colour.bmp",
            "alpha.bmp",
            "palette.bmp",
            "grey.bmp",
            "bilevel.bmp");
    static final List<String> LOSSY_WEBP = List.of("lossy.webp", "lossy-alpha.webp");

    static final List<String> ALL =
            Stream.concat(EXACT.stream(), LOSSY_WEBP.stream()).toList();

    private Fixtures() {}

    static byte[] file(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RgbImage expected(String name) {
        return ImageDecoder.decode(file(name + ".expected.png"));
    }

    public static void assertRefused(byte[] file, ErrorCode code) {
        assertThatThrownBy(() -> ImageDecoder.decode(file))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("(expected: ");
    }

    /** The largest difference of any sample. */
    static int largestDifference(RgbImage a, RgbImage b) {
        return differences(a, b).max().orElseThrow();
    }

    static double meanDifference(RgbImage a, RgbImage b) {
        return differences(a, b).average().orElseThrow();
    }

    private static IntStream differences(RgbImage a, RgbImage b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new AssertionError(a.width() + " x " + a.height() + " against " + b.width() + " x " + b.height());
        }
        return IntStream.range(0, a.rgb().length).map(i -> Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
    }
}
