package io.tern.generation.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.TernException;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.score.Network;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model of 64 pixels whose latents span four of them, shown larger pictures. */
class WindowsTest {
    private static final PictureSize WINDOW = new PictureSize(64, 64);
    private static final LatentSpace SPACE = new LatentSpace(2, 4, WINDOW, 0, 1, 0);

    @Test
    void saysOfEachElementWhatAllWindowsSay() {
        try (Arena arena = Arena.ofConfined()) {
            PictureSize size = new PictureSize(100, 132);
            FloatTensor x = FloatTensor.allocate(arena, SPACE.latents(1, size));
            new PhiloxNoise(1, 0).fill(0, x);
            FloatTensor said = windows(WindowsTest::doubled, size, arena).predict(x, 0);
            for (long i = 0; i < x.size(); i++) {
                assertThat(said.get(i)).isCloseTo(2 * x.get(i), within(1e-5f));
            }
        }
    }

    /** Three windows of 16 columns that begin at 0, 8 and 16: what one says alone is only heard where no other is. */
    @Test
    void goesOverFromOneWindowToTheNext() {
        try (Arena arena = Arena.ofConfined()) {
            PictureSize size = new PictureSize(128, 64);
            AtomicInteger calls = new AtomicInteger();
            Network firstWindow = (x, _) -> {
                FloatTensor said = FloatTensor.allocate(arena, x.shape());
                float value = calls.getAndIncrement() == 0 ? 1 : 0;
                for (long i = 0; i < said.size(); i++) {
                    said.set(i, value);
                }
                return said;
            };
            FloatTensor x = FloatTensor.allocate(arena, SPACE.latents(1, size));
            FloatTensor said = windows(firstWindow, size, arena).predict(x, 0);
            assertThat(calls).hasValue(3);
            for (int column = 0; column < 32; column++) {
                float expected = column < 8 ? 1 : column < 16 ? (15.5f - column) / 8 : 0;
                assertThat(said.get(column)).as("column %d", column).isCloseTo(expected, within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 64, 2, 128, 128", "50, 70, 1.3, 64, 92", "64, 64, 1, 64, 64", "200, 64, 1, 200, 64"})
    void enlargesToWholeLatents(int width, int height, double factor, int wide, int high) {
        assertThat(Windows.size(SPACE, new PictureSize(width, height), factor)).isEqualTo(new PictureSize(wide, high));
    }

    @ParameterizedTest
    @CsvSource({
        "20, 64, 2, a width of 64..2048 pixels",
        "64, 300, 8, a height of 64..2048 pixels",
        "512, 512, 4, at most 1024 windows of 64x64 pixels"
    })
    void refusesWhatHasNoWindowOrTooMany(int width, int height, double factor, String expected) {
        assertThatThrownBy(() -> Windows.size(SPACE, new PictureSize(width, height), factor))
                .isInstanceOf(TernException.class)
                .hasMessageStartingWith("upscale: " + factor)
                .hasMessageContaining(expected);
    }

    private static Windows windows(Network network, PictureSize size, Arena arena) {
        return new Windows(network, SPACE, size, WINDOW, arena);
    }

    private static FloatTensor doubled(FloatTensor x, double told) {
        for (long i = 0; i < x.size(); i++) {
            x.set(i, 2 * x.get(i));
        }
        return x;
    }
}
