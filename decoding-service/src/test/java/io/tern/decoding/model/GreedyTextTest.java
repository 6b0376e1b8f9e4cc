package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The float32 model against transformers: same weights, same text. Gaps between the two best logits are at least 0.027. */
@ExtendWith(SmolLm.Provider.class)
class GreedyTextTest {
    static List<String> names() {
        return Golden.prompts()
                .valueStream()
                .map(prompt -> prompt.get("name").asString())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void givesTheTokensOfTheReference(String name, SmolLm smolLm) {
        JsonNode prompt = Golden.prompts()
                .valueStream()
                .filter(candidate -> candidate.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
        int[] expected = Golden.ids(prompt.get("greedy_ids"));
        if (!prompt.get("eos_index").isNull()) {
            expected = Arrays.copyOf(expected, prompt.get("eos_index").asInt() + 1);
        }
        int[] promptIds = Golden.ids(prompt.get("prompt_ids"));
        assertThat(greedy(smolLm.model(Precision.FP32), promptIds, expected.length))
                .isEqualTo(expected);
    }

    private static int[] greedy(LanguageModel model, int[] prompt, int most) {
        IntStream.Builder text = IntStream.builder();
        try (KvCache cache = model.newCache(prompt.length + most)) {
            int[] step = prompt;
            for (int i = 0; i < most; i++) {
                int next = model.forward(cache, step, 1, Cancellation.none()).argMax(0);
                cache.commit(step.length);
                text.add(next);
                if (model.info().isEnd(next)) {
                    break;
                }
                step = new int[] {next};
            }
        }
        return text.build().toArray();
    }
}
