package io.tern.generation.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.imaging.RgbImage;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilingTest {
    /** Tiles of 8 latents, where the picture has 24 x 17. */
    private static final Tiling TILING = new Tiling(64, 16, 6);

    private static final PictureSize SIZE = new PictureSize(48, 34);
    private static final LatentSpace SPACE = new LatentSpace(4, 2, SIZE, 2, 0.13, 0.06);

    @ParameterizedTest
    @CsvSource({"100, 30, 10, 5", "30, 30, 0, 1", "31, 30, 10, 2", "7, 3, 2, 5", "8, 4, 0, 2"})
    void coversTheWholeWithWeightsThatAddUp(int length, int tile, int overlap, int count) {
        Tiles tiles = new Tiles(length, tile, overlap);
        assertThat(tiles.count()).isEqualTo(count);
        assertThat(tiles.start(count - 1) + tile).isEqualTo(length);
        for (double sum : tiles.sums()) {
            assertThat(sum).isPositive();
        }
        assertThat(tiles.times(8).start(count - 1)).isEqualTo(8 * tiles.start(count - 1));
    }

    /** A map of each element by itself gives the same in tiles, whatever their weights. */
    @Test
    void mapsElementByElementAsTheWhole() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor whole = FloatTensor.allocate(arena, Shape.of(1, 2, 17, 24));
            new PhiloxNoise(1, 0).fill(0, whole);
            FloatTensor mapped = FloatTensor.allocate(arena, whole.shape());
            Tiles rows = new Tiles(17, 8, 3);
            Tiles columns = new Tiles(24, 8, 3);
            new TiledMap(rows, columns, rows, columns)
                    .run(
                            whole,
                            mapped,
                            tile -> {
                                LinearCombination.scale(tile, 3, tile);
                                return tile;
                            },
                            arena);
            for (long i = 0; i < whole.size(); i++) {
                assertThat((double) mapped.get(i)).isCloseTo(3 * whole.get(i), within(1e-5));
            }
        }
    }

    /** A decoder of two operators, none of which looks beyond its latent. */
    @Test
    void decodesInTilesAsTheWhole() {
        Path file = Golden.file("families/sd3/vae_decoder/model.onnx");
        try (Arena arena = Arena.ofShared();
                Session session = EmojiModel.INFERENCE.runtime().load(file, EmojiModel.INFERENCE.config());
                LatentDecoder whole =
                        new LatentDecoder(EmojiModel.INFERENCE, session, SPACE, SIZE, arena, Cancellation.none());
                TiledDecoder tiled = new TiledDecoder(
                        EmojiModel.INFERENCE, session, SPACE, SIZE, TILING, arena, Cancellation.none())) {
            FloatTensor latents = FloatTensor.allocate(arena, SPACE.latents(1, SIZE));
            new PhiloxNoise(2, 0).fill(0, latents);
            float[] expected = whole.pixels(latents).toArray();
            assertThat(Golden.largestDifference(tiled.pixels(latents).toArray(), expected))
                    .isLessThan(1e-6);
            assertThat(Golden.largestDifference(tiled.pixels(latents).toArray(), expected)) // its memory used again
                    .isLessThan(1e-6);
            assertThat(tiled.decode(latents).rgb()).hasSize(3 * 48 * 34);
        }
    }

    /** An encoder with normalisation over the whole picture: tiles are near it, and one tile is it. */
    @Test
    void encodesInTilesNearTheWhole() {
        Path folder = Golden.file("tiny-sd");
        LatentSpace space = LatentSpace.read(
                ConfigFile.read(folder, "unet/config.json"),
                ConfigFile.read(folder, "vae_decoder/config.json"),
                false,
                1);
        try (PictureEncoder encoder = PictureEncoder.load(folder, space, EmojiModel.INFERENCE);
                Arena arena = Arena.ofShared()) {
            byte[] rgb = new byte[3 * 96 * 64];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) (128 + 60 * Math.sin(i / 3 % 96 / 5.0) + 60 * Math.cos(i / 288 / 7.0));
            }
            RgbImage image = new RgbImage(96, 64, rgb);
            float[] whole =
                    encoder.encode(image, arena, Cancellation.none()).mean().toArray();
            Tiling tiling = new Tiling(64, 48, 16);
            float[] tiled = encoder.encode(image, tiling, arena, Cancellation.none())
                    .mean()
                    .toArray();
            double differences = 0;
            double sizes = 0;
            for (int i = 0; i < whole.length; i++) {
                differences += Math.abs(whole[i] - tiled[i]);
                sizes += Math.abs(whole[i]);
            }
            assertThat(differences / sizes).isBetween(1e-7, 0.3);
        }
    }
}
