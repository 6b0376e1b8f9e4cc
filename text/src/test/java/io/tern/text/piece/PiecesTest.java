package io.tern.text.piece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tern.text.Golden;
import io.tern.text.Utf8Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tokenizers of many kinds against the libraries that they come from. */
class PiecesTest {
    private static final List<PieceVocabulary.Kind> KINDS = List.of(
            PieceVocabulary.Kind.NORMAL,
            PieceVocabulary.Kind.UNKNOWN,
            PieceVocabulary.Kind.CONTROL,
            PieceVocabulary.Kind.ADDED,
            PieceVocabulary.Kind.UNUSED,
            PieceVocabulary.Kind.BYTE);

    private static JsonNode golden;

    @TempDir
    private Path folder;

    @BeforeAll
    static void read() {
        golden = Golden.read("text/pieces.json");
    }

    private PieceTokenizer load(String json) throws IOException {
        return PieceTokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "mistral",
                "gemma",
                "unknowns",
                "tekken",
                "gpt4o",
                "deepseek",
                "prefixed",
                "splits",
                "words",
                "scripts",
                "unigram",
                "unigram-bytes",
                "mapped"
            })
    void encodesAndDecodesAsTheReferenceDoes(String kind) throws IOException {
        PieceTokenizer tokenizer = load(golden.get(kind).get("tokenizer").toString());
        for (JsonNode each : golden.get(kind).get("cases")) {
            int[] ids = tokenizer.encode(each.get(0).asString());
            int[] whole = IntStream.concat(IntStream.of(tokenizer.beginning()), IntStream.of(ids))
                    .toArray();
            assertThat(whole).as(each.get(0).asString()).isEqualTo(Golden.ids(each.get(1)));
            assertThat(tokenizer.decode(ids))
                    .as(each.get(0).asString())
                    .isEqualTo(each.get(2).asString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scored", "scored-bare"})
    void mergesByScoresAsSentencePieceDoes(String kind) {
        PieceTokenizer tokenizer = scored(golden.get(kind));
        for (JsonNode each : golden.get(kind).get("cases")) {
            int[] ids = tokenizer.encode(each.get(0).asString());
            assertThat(ids).as(each.get(0).asString()).isEqualTo(Golden.ids(each.get(1)));
            assertThat(tokenizer.decode(ids))
                    .as(each.get(0).asString())
                    .isEqualTo(each.get(2).asString());
        }
    }

    private static PieceTokenizer scored(JsonNode node) {
        List<String> tokens = new ArrayList<>();
        List<PieceVocabulary.Kind> kinds = new ArrayList<>();
        float[] scores = new float[node.get("tokens").size()];
        for (int id = 0; id < scores.length; id++) {
            tokens.add(node.get("tokens").get(id).asString());
            kinds.add(KINDS.get(node.get("kinds").get(id).asInt() - 1));
            scores[id] = node.get("scores").get(id).floatValue();
        }
        return new PieceVocabulary(tokens, kinds, new int[0])
                .scoredPairs(scores, node.get("space").asBoolean());
    }

    @Test
    void streamsWhatItDecodesWhole() throws IOException {
        for (String kind : List.of("llama2", "gemma", "tekken", "unigram-bytes")) {
            PieceTokenizer tokenizer = load(golden.get(kind).get("tokenizer").toString());
            for (JsonNode each : golden.get(kind).get("cases")) {
                int[] ids = tokenizer.encode(each.get(0).asString());
                Utf8Stream stream = new Utf8Stream();
                StringBuilder text = new StringBuilder();
                for (int id : ids) {
                    text.append(stream.append(tokenizer.bytes(id)));
                }
                text.append(stream.finish());
                // A text begins with the space that encoding has put there; one that goes on keeps it.
                String whole = tokenizer.decode(ids);
                assertThat(text.toString()).isIn(whole, " " + whole);
            }
        }
    }

    /** What a user wrote steers nothing, and is otherwise read like any text. */
    @Test
    void findsNoMarksInWhatACallerWrote() throws IOException {
        PieceTokenizer tokenizer = load(golden.get("gemma").get("tokenizer").toString());
        String text = "a</s><think>b\n\nc";
        assertThat(IntStream.of(tokenizer.encode(text))
                        .filter(tokenizer::isControl)
                        .count())
                .isEqualTo(1);
        int[] ids = tokenizer.encodeOrdinary(text);
        assertThat(IntStream.of(ids).anyMatch(tokenizer::isControl)).isFalse();
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
        String lines = "a\n\nc";
        assertThat(tokenizer.encodeOrdinary(lines)).isEqualTo(tokenizer.encode(lines));
    }

    @Test
    void givesBackAnyTextThatItsBytesCover() throws IOException {
        Random random = new Random(5);
        for (String kind : List.of("gemma", "tekken", "gpt4o", "deepseek")) {
            PieceTokenizer tokenizer = load(golden.get(kind).get("tokenizer").toString());
            for (int round = 0; round < 200; round++) {
                String text = random.ints(random.nextInt(1, 30), 1, 0x1ffff)
                        .filter(c -> Character.isDefined(c) && !Character.isSurrogate((char) c))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                assertThat(tokenizer.decode(tokenizer.encodeOrdinary(text))).isEqualTo(text.replace('▁', ' '));
            }
        }
    }

    @Test
    void refusesWhatItDoesNotKnowByName() {
        String json = golden.get("deepseek").get("tokenizer").toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(json.replace("\"Split\"", "\"UnicodeScripts\"")))
                .withMessageContaining("pre_tokenizer: UnicodeScripts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(json.replace("\\\\p{N}{1,3}", "(?:a|b)+")))
                .withMessageContaining("no repetition of a group");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(json.replace("\\\\p{N}{1,3}", "\\\\p{Nonsense}")))
                .withMessageContaining("regex");
        String words = golden.get("words").get("tokenizer").toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(words.replace("\"NFKC\"", "\"Nmt\"")))
                .withMessageContaining("normalizer: Nmt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(words.replace("\"type\":\"Fuse\"", "\"type\":\"CTC\"")))
                .withMessageContaining("decoder: CTC");
    }
}
