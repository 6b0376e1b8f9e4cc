package io.tern.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tern.text.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class WordPieceTokenizerTest {
    private static final Path FILE = Golden.MODELS.resolve("emoji/tokenizer/tokenizer.json");

    @TempDir
    Path folder;

    @Test
    void givesTheIdsAndMasksOfTheImagePipeline() throws IOException {
        WordPieceTokenizer tokenizer = WordPieceTokenizer.load(FILE);
        JsonNode golden = Golden.read("generation/emoji.json");
        assertThat(tokenizer.encode("").ids()).isEqualTo(Golden.ids(golden.get("uncond_input_ids")));
        assertThat(golden.get("cases").size()).isPositive();
        for (JsonNode one : golden.get("cases")) {
            Encoding expected = new Encoding(Golden.ids(one.get("input_ids")), Golden.ids(one.get("attention_mask")));
            assertThat(tokenizer.encode(one.get("prompt").asString())).isEqualTo(expected);
        }
    }

    @Test
    void givesTheIdsOfTheReferenceLibraryForTextsOfAllScripts() throws IOException {
        WordPieceTokenizer cut = WordPieceTokenizer.load(FILE);
        WordPieceTokenizer whole = WordPieceTokenizer.load(edited(
                "\"truncation\": {",
                "\"truncation\": null, \"_\": {",
                "\"padding\": {",
                "\"padding\": null, \"__\": {"));
        for (JsonNode one : Golden.read("text/wordpiece.json").get("cases")) {
            String text = one.get(0).asString();
            Encoding encoding = cut.encode(text);
            assertThat(encoding.ids()).as(text).isEqualTo(Golden.ids(one.get(1)));
            assertThat(Arrays.stream(encoding.attentionMask()).sum())
                    .as(text)
                    .isEqualTo(one.get(2).intValue());
            assertThat(whole.encode(text).ids()).as(text).isEqualTo(Golden.ids(one.get(3)));
            assertThat(cut.encodeWhole(text)).as(text).isEqualTo(Golden.ids(one.get(3)));
        }
    }

    @Test
    void refusesAFileThatAsksForMoreThanIsBuilt() throws IOException {
        Path otherModel = edited("\"type\": \"WordPiece\"", "\"type\": \"Unigram\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WordPieceTokenizer.load(otherModel))
                .withMessage("tokenizer file: /model/type: Unigram (expected: WordPiece)");
        Path leftCut = edited("\"direction\": \"Right\"", "\"direction\": \"Left\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WordPieceTokenizer.load(leftCut))
                .withMessageContaining("direction: Left (expected: Right)");
        Path noJson = Files.writeString(folder.resolve("none.json"), "{\"model\": ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WordPieceTokenizer.load(noJson))
                .withMessageContaining("not JSON");
    }

    @Test
    void countsTheVocabulary() throws IOException {
        assertThat(WordPieceTokenizer.load(FILE).vocabularySize()).isEqualTo(30522);
    }

    /** The tokenizer's file with each first text replaced by the second, wherever it stands. */
    private Path edited(String... replacements) throws IOException {
        String json = Files.readString(FILE);
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(json).contains(replacements[i]);
            json = json.replace(replacements[i], replacements[i + 1]);
        }
        return Files.writeString(folder.resolve("edited" + json.hashCode() + ".json"), json);
    }
}
