package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.convert.TinyLlama;
import io.tern.decoding.gguf.GgufWriter;
import io.tern.text.MarkedText;
import io.tern.text.chat.ChatMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(SmolLm.Provider.class)
class ModelTextTest {
    @TempDir
    private Path folder;

    @Test
    void rendersAndEncodesTheGoldenPrompts(SmolLm smolLm) throws IOException {
        ModelText text = ModelText.read(smolLm.gguf());
        for (JsonNode prompt : Golden.prompts()) {
            List<ChatMessage> messages =
                    List.of(new ChatMessage("user", prompt.get("user").asString()));
            MarkedText rendered = text.chatTemplate().orElseThrow().render(messages, true);
            assertThat(text.tokenizer().encode(rendered)).isEqualTo(Golden.ids(prompt.get("prompt_ids")));
        }
    }

    @Test
    void refusesATokenizerThatIsNotBuilt() {
        assertRefused(tokens("smollm", 80).flag("tokenizer.ggml.add_bos_token", true), "add_bos_token: true");
        assertRefused(tokens("llama-bpe", 80), "tokenizer.ggml.pre: llama-bpe");
        assertRefused(tokens("smollm", 79), "tokenizer.ggml.tokens: 79");
    }

    private static GgufWriter tokens(String pre, int count) {
        return TinyLlama.tied(1)
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.tokens", Collections.nCopies(count, "a"))
                .texts("tokenizer.ggml.merges", List.of())
                .wholes("tokenizer.ggml.token_type", new int[count]);
    }

    private void assertRefused(GgufWriter file, String message) {
        assertThatThrownBy(() -> ModelText.read(file.writeTo(folder.resolve("bad.gguf"))))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(message);
    }
}
