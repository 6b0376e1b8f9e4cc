package io.tern.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.detection.Golden;
import io.tern.detection.network.BatchLimits;
import io.tern.detection.network.BatchingNetwork;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.contrastive.InfoNce;
import io.tern.embedding.contrastive.Pairs;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shipped encoder on sprites that it has not seen, each in two frames over other grounds: a row of the sheet each. */
class ImageEncoderTest {
    private static final Path FOLDER = Golden.root().resolve("models/golden/embedding");
    private static final Path MODEL = Golden.root().resolve("models/cpc/model.onnx");

    @TempDir
    static Path cache;

    static OnnxNetworks networks;
    static ImageEncoder encoder;
    static JsonNode reference;
    static List<RgbImage> left;
    static List<RgbImage> right;

    @BeforeAll
    static void load() throws IOException {
        networks = new OnnxNetworks(2, 1, 1, "cpu", cache);
        encoder =
                networks.load(MODEL, (network, signature) -> new ImageEncoder(network, PictureContract.of(signature)));
        reference = JsonMapper.shared().readTree(Files.readAllBytes(FOLDER.resolve("cpc.json")));
        RgbImage sheet = ImageDecoder.decode(Files.readAllBytes(FOLDER.resolve("cpc.png")));
        left = row(sheet, 0);
        right = row(sheet, 1);
    }

    private static List<RgbImage> row(RgbImage sheet, int row) {
        int side = reference.get("side").intValue();
        return IntStream.range(0, sheet.width() / side)
                .mapToObj(i -> sheet.crop(i * side, row * side, side, side))
                .toList();
    }

    @AfterAll
    static void close() {
        encoder.close();
        networks.close();
    }

    @Test
    void equalsTheNetworkInPyTorch() {
        JsonNode vectors = reference.get("vectors");
        List<float[]> encoded = encode(left.subList(0, vectors.size()));
        assertThat(encoded).hasSizeGreaterThan(10);
        for (int i = 0; i < encoded.size(); i++) {
            assertThat(encoded.get(i)).hasSize(encoder.width());
            for (int j = 0; j < encoder.width(); j++) {
                assertThat(encoded.get(i)[j])
                        .as("picture %d, value %d", i, j)
                        .isCloseTo(vectors.get(i).get(j).floatValue(), within(1e-4f));
            }
        }
    }

    /** What the pixels find is measured beside it, by the same cosine. */
    @Test
    void findsWhatItHasNotSeenOverAnotherGround() {
        Pairs learnt = new Pairs(encode(left), encode(right));
        Pairs pixels = new Pairs(pixels(left), pixels(right));
        double found = InfoNce.of(learnt.scores(0.1)).accuracy();
        assertThat(found).isGreaterThan(0.3);
        assertThat(InfoNce.of(pixels.scores(0.1)).accuracy()).isLessThan(found / 3);
    }

    /** van den Oord et al. 2018, section 2.3: the bound grows with the batch, and never exceeds its logarithm. */
    @Test
    void theBoundGrowsWithTheBatch() {
        double[][] scores = new Pairs(encode(left), encode(right)).scores(0.1);
        double before = -1;
        for (int batch : new int[] {1, 4, 16, 64}) {
            InfoNce measured = InfoNce.inBatches(scores, batch);
            assertThat(measured.mutualInformationBound()).isGreaterThan(before).isLessThanOrEqualTo(Math.log(batch));
            before = measured.mutualInformationBound();
        }
    }

    @Test
    void aPictureHasTheSameBitsAloneAndInABatch() {
        try (ImageEncoder batching = networks.load(
                MODEL,
                (network, signature) -> new ImageEncoder(
                        new BatchingNetwork(network, new BatchLimits(8, Duration.ZERO, 1)),
                        PictureContract.of(signature)))) {
            List<float[]> together = networks.onWorker(
                    () -> batching.encode(left.subList(0, 11), Cancellation.none()), Cancellation.none());
            List<float[]> alone = encode(left.subList(0, 11));
            for (int i = 0; i < alone.size(); i++) {
                assertThat(together.get(i)).as("picture %d", i).containsExactly(alone.get(i));
            }
            assertThat(networks.onWorker(batching::repeatsItself, Cancellation.none()))
                    .isTrue();
        }
    }

    @Test
    void encodesAPictureOfAnySizeAndShape() {
        RgbImage thread = new RgbImage(1, 500, new byte[1500]);
        float[] vector = encode(List.of(thread)).getFirst();
        assertThat(UnitVectors.dot(vector, vector)).isCloseTo(1, within(1e-6));
        assertThat(encode(List.of())).isEmpty();
    }

    @Test
    void refusesANetworkOfAnotherKind() {
        assertThatThrownBy(() -> networks.load(Golden.MODEL, (_, signature) -> PictureContract.of(signature)))
                .hasMessageContaining("an encoder of pictures: FLOAT32 [?, 3, side, side] in");
    }

    private static List<float[]> encode(List<RgbImage> pictures) {
        return networks.onWorker(() -> encoder.encode(pictures, Cancellation.none()), Cancellation.none());
    }

    /** Around their mean, of length 1. */
    private static List<float[]> pixels(List<RgbImage> pictures) {
        List<float[]> vectors = new ArrayList<>();
        for (RgbImage picture : pictures) {
            double mean = IntStream.range(0, picture.rgb().length)
                    .map(i -> picture.rgb()[i] & 0xff)
                    .average()
                    .orElseThrow();
            float[] vector = new float[picture.rgb().length];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) ((picture.rgb()[i] & 0xff) - mean);
            }
            vectors.add(UnitVectors.normalize(vector));
        }
        return vectors;
    }
}
