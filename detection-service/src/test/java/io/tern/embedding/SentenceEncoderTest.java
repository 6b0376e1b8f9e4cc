package io.tern.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.Golden;
import io.tern.detection.network.OnnxNetworks;
import io.tern.text.encoder.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SentenceEncoderTest {
    /** What rounding the weights to int8 costs; a wrong token or a wrong place costs far more. */
    private static final double LEAST_COSINE = 0.9997;

    @TempDir
    static Path cache;

    static OnnxNetworks networks;
    static SentenceEncoder encoder;

    @BeforeAll
    static void load() throws IOException {
        Path emoji = Golden.root().resolve("models/emoji");
        networks = new OnnxNetworks(2, 1, 1, "cpu", cache);
        encoder = new SentenceEncoder(
                WordPieceTokenizer.load(emoji.resolve("tokenizer/tokenizer.json")),
                OnnxTokenNetwork.load(networks, emoji.resolve("text_encoder/model.onnx")),
                256,
                384);
    }

    @AfterAll
    static void close() {
        encoder.close();
        networks.close();
    }

    @Test
    void equalsTheModelByItsDefinition() throws IOException {
        JsonNode cases = JsonMapper.shared()
                .readTree(Files.readAllBytes(Golden.root().resolve("models/golden/embedding/minilm.json")))
                .get("cases");
        assertThat(cases.size()).isEqualTo(6);
        for (JsonNode one : cases) {
            String text = one.get("text").stringValue();
            int[] ids = encoder.tokenize("input", text);
            assertThat(ids).as(text).isEqualTo(ints(one.get("ids")));
            assertThat(UnitVectors.dot(encode(ids), floats(one.get("embedding"))))
                    .as(text)
                    .isBetween(LEAST_COSINE, 1.0001);
        }
    }

    @Test
    void anotherTokenOrAnotherPlaceIsFarOff() {
        float[] right = encode(encoder.tokenize("input", "a man bites a dog"));
        assertThat(UnitVectors.dot(right, encode(encoder.tokenize("input", "a dog bites a man"))))
                .isLessThan(0.99);
        assertThat(UnitVectors.dot(right, encode(encoder.tokenize("input", "a man bites the dog"))))
                .isLessThan(0.995);
    }

    @Test
    void nearMeaningsLieNearEachOther() {
        float[] cat = encode(encoder.tokenize("input", "a cat"));
        assertThat(UnitVectors.dot(cat, encode(encoder.tokenize("input", "a kitten"))))
                .isGreaterThan(0.7);
        assertThat(UnitVectors.dot(cat, encode(encoder.tokenize("input", "the stock market fell"))))
                .isLessThan(0.2);
    }

    @Test
    void aTextHasTheSameBitsAloneAndInAnyCompany() {
        Random random = new Random(7);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add(random.ints(2 + random.nextInt(12), 1000, 30_000).toArray());
        }
        List<float[]> together = encodeAll(texts);
        Collections.reverse(texts);
        List<float[]> reversed = encodeAll(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(encode(texts.get(i)))
                    .as("text %d", i)
                    .isEqualTo(reversed.get(i))
                    .isEqualTo(together.get(texts.size() - 1 - i));
        }
        assertThat(networks.onWorker(encoder::repeatsItself, Cancellation.none()))
                .isTrue();
    }

    @Test
    void refusesWhatIsNoTextForIt() {
        assertRefused(() -> encoder.tokenize("input[3]", ""), "empty");
        assertRefused(() -> encoder.tokenize("input[3]", "word ".repeat(255)), "257 tokens (expected: at most 256)");
        assertThat(encoder.tokenize("input[3]", "word ".repeat(254))).hasSize(256);
        assertRefused(() -> encoder.checked("input[3]", new int[0]), "0 tokens (expected: 1..256)");
        assertRefused(() -> encoder.checked("input[3]", new int[] {101, 30_522}), "token 30522 (expected: 0..30521)");
        assertRefused(() -> encoder.checked("input[3]", new int[] {-1}), "token -1");
    }

    @Test
    void stopsBetweenGroupsWhenNobodyWaits() {
        Cancellation gone = new Cancellation();
        gone.cancel();
        assertThatThrownBy(() -> encoder.encode(List.of(new int[] {101, 102}), gone))
                .isInstanceOf(TernException.class);
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("input[3]"))
                .hasMessageContaining(message);
    }

    private static float[] encode(int[] ids) {
        return encodeAll(List.of(ids)).getFirst();
    }

    private static List<float[]> encodeAll(List<int[]> texts) {
        return networks.onWorker(() -> encoder.encode(texts, Cancellation.none()), Cancellation.none());
    }

    private static int[] ints(JsonNode array) {
        return array.values().stream().mapToInt(JsonNode::intValue).toArray();
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }
}
