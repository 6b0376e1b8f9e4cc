package io.tern.decoding.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.model.SmolLm;
import io.tern.text.chat.ChatMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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

    private static int[] ids(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
