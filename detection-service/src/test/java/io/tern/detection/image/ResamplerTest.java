package io.tern.detection.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.Golden;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The libraries' own resized pictures, bit for bit. */
class ResamplerTest {
    @ParameterizedTest
    @CsvSource({
        "astronaut, astronaut_256x256_34d53ece",
        "astronaut, astronaut_320x320_6489e17a",
        "chelsea, chelsea_320x320_af6a1e75",
        "chelsea, chelsea_384x256_23e2de1f",
        "flower, flower_256x256_d2b23842",
        "flower, flower_320x320_94dbb2c8",
        "flower, flower_368x256_6cf40c7b",
        "grace_hopper, grace_hopper_256x300_7c2ef4d3",
        "grace_hopper, grace_hopper_320x320_61679d2d"
    })
    void antialiasesAsTorchvisionDoes(String picture, String resized) {
        RgbImage expected = read(resized);
        assertSame(
                resized(AntialiasResize::resize, Golden.picture(picture), expected.width(), expected.height()),
                expected);
    }

    @ParameterizedTest
    @CsvSource({
        "astronaut, astronaut_416x416_25bb7a58",
        "astronaut, astronaut_640x640_de8732d9",
        "grace_hopper, grace_hopper_416x416_177328be",
        "grace_hopper, grace_hopper_640x640_3f562fc4"
    })
    void letterboxesAsYoloXDoesWithOpenCv(String picture, String resized) {
        RgbImage expected = read(resized);
        RgbImage source = Golden.picture(picture);
        Placement placement = Placement.topLeft(source.width(), source.height(), expected.width(), expected.height());
        assertSame(
                Pixels.of(
                        expected.width(),
                        expected.height(),
                        rows -> placement.render(source, FixedPointResize::resize, 114, rows)),
                expected);
    }

    @Test
    void endsAtTheRowAtWhichItIsCancelled() {
        RgbImage picture = Golden.picture("chelsea");
        for (Resampler resampler :
                new Resampler[] {AntialiasResize::resize, FixedPointResize::resize, BilinearResize::resize}) {
            Cancellation cancellation = new Cancellation();
            List<Integer> rows = new ArrayList<>();
            PixelRows sink = (y, _) -> {
                rows.add(y);
                if (y == 2) {
                    cancellation.cancel();
                }
            };
            assertThatThrownBy(() -> resampler.resize(picture, 50, 40, sink.until(cancellation)))
                    .isInstanceOfSatisfying(
                            TernException.class, end -> assertThat(end.code()).isEqualTo(ErrorCode.CANCELLED));
            assertThat(rows).containsExactly(0, 1, 2);
        }
    }

    @Test
    void leavesAPictureOfTheRightSizeAsItIs() {
        RgbImage picture = Golden.picture("chelsea");
        for (Resampler resampler :
                new Resampler[] {AntialiasResize::resize, FixedPointResize::resize, BilinearResize::resize}) {
            assertSame(resized(resampler, picture, picture.width(), picture.height()), picture);
        }
    }

    @Test
    void takesPicturesOfOnePixelAndThreads() {
        for (int[] size : new int[][] {{1, 1}, {3000, 1}, {1, 3000}}) {
            byte[] rgb = new byte[3 * size[0] * size[1]];
            Arrays.fill(rgb, (byte) 200);
            RgbImage picture = new RgbImage(size[0], size[1], rgb);
            for (Resampler resampler :
                    new Resampler[] {AntialiasResize::resize, FixedPointResize::resize, BilinearResize::resize}) {
                assertThat(resized(resampler, picture, 7, 9)).containsOnly(200f);
            }
        }
    }

    private static float[] resized(Resampler resampler, RgbImage picture, int width, int height) {
        return Pixels.of(width, height, rows -> resampler.resize(picture, width, height, rows));
    }

    private static RgbImage read(String input) {
        try {
            return ImageDecoder.decode(
                    Files.readAllBytes(Golden.folder().resolve("families/_inputs/" + input + ".png")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSame(float[] pixels, RgbImage expected) {
        assertThat(pixels).hasSize(expected.rgb().length);
        for (int i = 0; i < pixels.length; i++) {
            assertThat(pixels[i]).as("value %d", i).isEqualTo(expected.rgb()[i] & 0xff);
        }
    }
}
