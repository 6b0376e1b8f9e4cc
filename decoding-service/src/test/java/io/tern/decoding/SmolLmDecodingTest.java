package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.tokenizer.ModelText;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The loop over the real model. */
@ExtendWith(SmolLm.Provider.class)
class SmolLmDecodingTest {
    private static final Path GREEDY = Path.of(System.getProperty("tern.root"), "models/golden/decoding/greedy.json");
    private static final int TOKENS = 40;

    @Test
    void writesTheReferencesTextWhileItSpeculates(SmolLm smolLm) throws IOException {
        LanguageModel model = smolLm.model(Precision.FP32);
        Tokenizer tokenizer = ModelText.read(ModelSource.of(smolLm.gguf())).tokenizer();
        int accepted = 0;
        for (JsonNode prompt : prompts("edit.1", "code.1")) {
            Recording recording =
                    Recording.of(model, tokenizer, request(prompt, SamplingParameters.greedy(), DrafterKind.NGRAM, 64));
            JsonNode end = prompt.get("eos_index");
            List<Integer> expected = ids(prompt.get("greedy_ids"));
            assertThat(recording.ids()).isEqualTo(end.isNull() ? expected : expected.subList(0, end.asInt() + 1));
            assertThat(recording.text()).isEqualTo(prompt.get("text").asString());
            accepted += recording.finished().stats().acceptedTokens();
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void writesTheSameToTheLastBitWithAndWithoutDrafts(SmolLm smolLm) throws IOException {
        LanguageModel model = smolLm.model(Precision.INT4);
        Assumptions.assumeTrue(model.info().bitExact(), "this machine's kernels give other bits for other lengths");
        Tokenizer tokenizer = ModelText.read(ModelSource.of(smolLm.gguf())).tokenizer();
        int accepted = 0;
        for (JsonNode prompt : prompts("edit.1", "code.2", "translate.7")) {
            for (SamplingParameters sampling : List.of(
                    SamplingParameters.greedy(), new SamplingParameters(0.7, 0.95, 50, 0, 1.05, 0, 0, Map.of(), 11))) {
                Recording plain = Recording.of(model, tokenizer, request(prompt, sampling, DrafterKind.NONE, TOKENS));
                for (DrafterKind drafter : List.of(DrafterKind.NGRAM, DrafterKind.AUTO)) {
                    Recording drafted = Recording.of(model, tokenizer, request(prompt, sampling, drafter, TOKENS));
                    assertThat(drafted.tokens().stream()
                                    .map(DecodedToken::logprobs)
                                    .toList())
                            .isEqualTo(plain.tokens().stream()
                                    .map(DecodedToken::logprobs)
                                    .toList());
                    assertThat(drafted.ids()).isEqualTo(plain.ids());
                    assertThat(drafted.text()).isEqualTo(plain.text());
                    accepted += drafted.finished().stats().acceptedTokens();
                }
            }
        }
        assertThat(accepted).isPositive();
    }

    private static DecodingRequest request(
            JsonNode prompt, SamplingParameters sampling, DrafterKind drafter, int maxTokens) {
        return new DecodingRequest(
                ids(prompt.get("prompt_ids")),
                maxTokens,
                sampling,
                List.of(),
                false,
                Speculation.chain(drafter, Speculation.DEFAULT_MAX_DRAFT),
                OptionalInt.of(2),
                false);
    }

    private static List<JsonNode> prompts(String... names) {
        return JsonMapper.shared()
                .readTree(GREEDY)
                .get("prompts")
                .valueStream()
                .filter(prompt -> List.of(names).contains(prompt.get("name").asString()))
                .toList();
    }

    private static List<Integer> ids(JsonNode array) {
        return array.valueStream().map(JsonNode::asInt).toList();
    }
}
