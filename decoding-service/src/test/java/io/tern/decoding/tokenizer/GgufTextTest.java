package io.tern.decoding.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufWriter;
import io.tern.decoding.model.SmolLm;
import io.tern.text.Tokenizer;
import io.tern.text.chat.ChatMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(SmolLm.Provider.class)
class GgufTextTest {
    private static final Path GOLDEN = Path.of(System.getProperty("tern.root"), "models/golden/decoding");

    @Test
    void tokenizesAsTheReferenceDoes(SmolLm smolLm) throws IOException {
        ModelText text = GgufText.read(smolLm.gguf());
        JsonNode cases = JsonMapper.shared().readTree(GOLDEN.resolve("tok_cases.json"));
        assertThat(cases.size()).isEqualTo(19);
        for (JsonNode one : cases) {
            assertThat(text.tokenizer().encode(one.get(0).asString())).isEqualTo(ids(one.get(1)));
        }
        assertThat(text.tokenizer().vocabularySize()).isEqualTo(49152);
    }

    @Test
    void rendersConversationsAsTheReferenceDoes(SmolLm smolLm) throws IOException {
        ModelText text = GgufText.read(smolLm.gguf());
        JsonNode golden = JsonMapper.shared().readTree(GOLDEN.resolve("chat_template.json"));
        for (JsonNode one : golden.get("cases")) {
            List<ChatMessage> messages = new ArrayList<>();
            one.get("messages")
                    .forEach(message -> messages.add(new ChatMessage(
                            message.get("role").asString(),
                            message.get("content").asString())));
            assertThat(Objects.requireNonNull(text.template())
                            .render(messages, one.get("add_generation_prompt").asBoolean())
                            .text())
                    .isEqualTo(one.get("rendered").asString());
        }
    }

    /** As llama.cpp's converter writes what SentencePiece has trained. */
    @Test
    void tokenizesByScoresAsSentencePieceDoes(@TempDir Path folder) throws IOException {
        JsonNode golden = JsonMapper.shared()
                .readTree(GOLDEN.resolveSibling("text/pieces.json"))
                .get("scored");
        JsonNode scores = golden.get("scores");
        float[] values = new float[scores.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = scores.get(i).floatValue();
        }
        GgufWriter writer = new GgufWriter()
                .text("tokenizer.ggml.model", "llama")
                .texts(
                        "tokenizer.ggml.tokens",
                        golden.get("tokens")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList())
                .reals("tokenizer.ggml.scores", values)
                .wholes("tokenizer.ggml.token_type", ids(golden.get("kinds")))
                .whole("tokenizer.ggml.bos_token_id", 1);
        ModelText text = GgufText.read(writer.writeTo(folder.resolve("tiny.gguf")));
        Tokenizer tokenizer = text.tokenizer();
        Tokenizer filledUp = text.sized(values.length + 1).tokenizer();
        assertThat(tokenizer.beginning()).containsExactly(1);
        for (JsonNode one : golden.get("cases")) {
            int[] ids = ids(one.get(1));
            assertThat(tokenizer.encode(one.get(0).asString())).isEqualTo(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(one.get(2).asString());
            int[] more = Arrays.copyOf(ids, ids.length + 1);
            more[ids.length] = values.length;
            assertThat(filledUp.decode(more)).isEqualTo(one.get(2).asString());
        }
        writer.text("tokenizer.ggml.pre", "default").flag("tokenizer.ggml.remove_extra_whitespaces", true);
        Path squeezing = writer.writeTo(folder.resolve("squeezing.gguf"));
        assertThatThrownBy(() -> GgufText.read(squeezing))
                .isInstanceOf(TernException.class)
                .hasMessage("GGUF tokenizer.ggml.remove_extra_whitespaces: true (expected: false)");
    }

    @Test
    void aVocabularyWithoutMergesIsReadByItsBytes(@TempDir Path folder) throws IOException {
        Path gguf = new GgufWriter()
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "smollm")
                .texts("tokenizer.ggml.tokens", List.of("a", "b", "ab"))
                .wholes("tokenizer.ggml.token_type", new int[] {1, 1, 1})
                .writeTo(folder.resolve("bytes.gguf"));
        assertThat(GgufText.read(gguf).tokenizer().encode("ab")).containsExactly(0, 1);
    }

    @Test
    void aFileWithoutATokenizerIsServedForTokenIds(@TempDir Path folder) throws IOException {
        for (GgufWriter writer : List.of(
                new GgufWriter(),
                new GgufWriter().text("tokenizer.ggml.model", "none"),
                new GgufWriter().text("tokenizer.ggml.model", "no_vocab"))) {
            Path gguf = writer.text("general.architecture", "llama").writeTo(folder.resolve("ids.gguf"));
            ModelText text = GgufText.read(gguf).sized(320);
            assertThat(text.template()).isNull();
            assertThat(text.tokenizer().vocabularySize()).isEqualTo(320);
            assertThatThrownBy(() -> text.tokenizer().encode("a")).isInstanceOf(TernException.class);
        }
    }

    private static int[] ids(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
