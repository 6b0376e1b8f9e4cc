package io.tern.generation.latent;

import static io.tern.generation.prompt.WeightedPrompt.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.pipeline.Conditioning;
import io.tern.generation.score.Guidance;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatentProjectionTest {
    /** In the size of the latents, of which the projection knows nothing finer; a constant grey is 60 and more away. */
    @ParameterizedTest
    @ValueSource(strings = {"red-apple", "frog", "cat-face", "pizza"})
    void looksLikeThePictureFromAfar(String name) {
        LatentSpace space = LatentSpace.read(
                ConfigFile.read(EmojiModel.FOLDER, "unet/config.json"),
                ConfigFile.read(EmojiModel.FOLDER, "vae_decoder/config.json"),
                true,
                1);
        try (Arena arena = Arena.ofConfined();
                VaeCodec codec = VaeCodec.load(EmojiModel.FOLDER, space, false, EmojiModel.INFERENCE);
                Conditioning conditioning = EmojiModel.PIPELINE.open(
                        plain(""), plain(""), Guidance.NONE, EmojiModel.SIZE, Cancellation.none())) {
            FloatTensor latents = FloatTensor.copyOf(
                    arena, EmojiModel.PIPELINE.latents(EmojiModel.SIZE), Golden.npy("emoji/" + name + ".ddim.npy"));
            RgbImage decoded = (RgbImage) conditioning.decode(latents);
            RgbImage projected = codec.projection().project(latents, new PictureSize(16, 16));
            double sum = 0;
            for (int i = 0; i < projected.rgb().length; i++) {
                sum += Math.abs(blockMean(decoded, i / 3 % 16, i / 48, i % 3)
                        - (projected.rgb()[i] & 0xff));
            }
            assertThat(sum / projected.rgb().length).isLessThan(6);
        }
    }

    private static double blockMean(RgbImage image, int column, int row, int colour) {
        double sum = 0;
        for (int i = 0; i < 16; i++) {
            int pixel = image.pixel(4 * column + i % 4, 4 * row + i / 4);
            sum += pixel >> 8 * (2 - colour) & 0xff;
        }
        return sum / 16;
    }

    @Test
    void findsTheWeightsOfALinearMap() {
        LeastSquares fit = new LeastSquares(3);
        for (int i = 0; i < 20; i++) {
            double x = Math.sin(i);
            double y = Math.cos(3 * i);
            fit.add(new double[] {x, y, 1}, 2 * x - 5 * y + 7);
        }
        double[] weights = fit.solve();
        assertThat(weights[0]).isCloseTo(2, within(1e-5));
        assertThat(weights[1]).isCloseTo(-5, within(1e-5));
        assertThat(weights[2]).isCloseTo(7, within(1e-5));
    }
}
