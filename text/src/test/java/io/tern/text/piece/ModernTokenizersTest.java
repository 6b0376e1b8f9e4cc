package io.tern.text.piece;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.text.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tokenizers of the kinds of Llama 3 and Qwen 2 against the Hugging Face library. */
class ModernTokenizersTest {
    @TempDir
    private Path folder;

    private PieceTokenizer load(String json) throws IOException {
        return PieceTokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "qwen2"})
    void encodesAndDecodesAsTheReferenceDoes(String kind) throws IOException {
        JsonNode golden = Golden.read("text/modern.json").get(kind);
        PieceTokenizer tokenizer = load(golden.get("tokenizer").toString());
        for (JsonNode each : golden.get("cases")) {
            int[] ids = tokenizer.encode(each.get(0).asString());
            int[] whole = IntStream.concat(IntStream.of(tokenizer.beginning()), IntStream.of(ids))
                    .toArray();
            assertThat(whole).as(each.get(0).asString()).isEqualTo(Golden.ids(each.get(1)));
            assertThat(tokenizer.decode(ids)).isEqualTo(each.get(2).asString());
        }
    }

    @Test
    void tellsTokensThatAreTextFromThoseThatSteer() throws IOException {
        PieceTokenizer tokenizer = load(
                Golden.read("text/modern.json").get("llama3").get("tokenizer").toString());
        int[] ids = tokenizer.encode("</s><think>");
        assertThat(ids).hasSize(2);
        assertThat(tokenizer.isControl(ids[0])).isTrue();
        assertThat(tokenizer.isControl(ids[1])).isFalse();
        assertThat(tokenizer.beginning()).hasSize(1);
    }
}
