package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.DecodedToken;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.Ending;
import io.tern.decoding.Recording;
import io.tern.decoding.Speculation;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenLimits;
import io.tern.decoding.tokenizer.ModelText;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every drafter of the real model, in chains and trees: the same ids and log probabilities to the last bit. */
@ExtendWith(SmolLm.Provider.class)
class SmolLmDraftersTest {
    private static final Path GREEDY = Path.of(System.getProperty("tern.root"), "models/golden/decoding/greedy.json");
    private static final int TOKENS = 24;
    private static final int PROMPTS_IN_COMPANY = 2;
    private static final int TOKENS_IN_COMPANY = 16;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void everyDrafterLeavesGreedyTextAsItIsAndSomeOfItsDraftsStand(Precision precision, SmolLm smolLm)
            throws IOException {
        LanguageModel model = smolLm.model(precision);
        Assumptions.assumeTrue(model.info().bitExact(), "this machine's kernels give other bits for other lengths");
        Tokenizer tokenizer = ModelText.read(smolLm.source()).tokenizer();
        List<List<Integer>> prompts = prompts("edit.1", "code.2");
        try (Drafters drafters = drafters(smolLm, model, precision)) {
            List<Recording> plain = prompts.stream()
                    .map(prompt -> Recording.of(model, tokenizer, drafters, request(prompt, Speculation.off())))
                    .toList();
            for (DrafterKind kind : DrafterKind.values()) {
                for (boolean tree : new boolean[] {false, true}) {
                    if (!drafters.has(kind) || (tree && kind == DrafterKind.NONE)) {
                        continue;
                    }
                    int accepted = 0;
                    for (int i = 0; i < prompts.size(); i++) {
                        Recording drafted =
                                Recording.of(model, tokenizer, drafters, request(prompts.get(i), exact(kind, tree)));
                        String what = kind + ", tree " + tree + ", prompt " + i;
                        assertThat(drafted.ids())
                                .as(what)
                                .isEqualTo(plain.get(i).ids());
                        assertThat(logprobs(drafted)).as(what).isEqualTo(logprobs(plain.get(i)));
                        accepted += drafted.finished().stats().acceptedTokens();
                    }
                    boolean mayMiss = kind == DrafterKind.NONE || kind == DrafterKind.AUTO || kind == DrafterKind.NGRAM;
                    assertThat(accepted > 0 || mayMiss)
                            .as(kind + ", tree " + tree)
                            .isTrue();
                }
            }
        }
    }

    /** Texts of all drafters side by side, so that a run has steps of several kinds; each prompt is some drafter's. */
    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyDrafterLeavesGreedyTextAsItIsBesideOthers(int atOnce, SmolLm smolLm) throws Exception {
        LanguageModel model = smolLm.model(Precision.INT8);
        Assumptions.assumeTrue(model.info().bitExact(), "this machine's kernels give other bits for other lengths");
        Tokenizer tokenizer = ModelText.read(smolLm.source()).tokenizer();
        List<List<Integer>> prompts = allPrompts();
        try (Drafters drafters = drafters(smolLm, model);
                ExecutorService callers = Executors.newFixedThreadPool(atOnce)) {
            List<Recording> alone = prompts.stream()
                    .map(prompt -> Recording.of(model, tokenizer, drafters, inCompany(prompt, Speculation.off())))
                    .toList();
            Map<String, Future<Recording>> together = new LinkedHashMap<>();
            Map<String, Recording> expected = new LinkedHashMap<>();
            int next = 0;
            for (DrafterKind kind : DrafterKind.values()) {
                for (boolean tree : new boolean[] {false, true}) {
                    for (int i = 0; i < PROMPTS_IN_COMPANY && drafters.has(kind); i++) {
                        int prompt = next++ % prompts.size();
                        DecodingRequest request = inCompany(prompts.get(prompt), exact(kind, tree));
                        String what = kind + ", tree " + tree + ", prompt " + prompt;
                        expected.put(what, alone.get(prompt));
                        together.put(what, callers.submit(() -> Recording.of(model, tokenizer, drafters, request)));
                    }
                }
            }
            for (Map.Entry<String, Future<Recording>> text : together.entrySet()) {
                Recording plain = expected.get(text.getKey());
                Recording drafted = text.getValue().get();
                assertThat(drafted.ids()).as(text.getKey()).isEqualTo(plain.ids());
                assertThat(logprobs(drafted)).as(text.getKey()).isEqualTo(logprobs(plain));
            }
        }
    }

    private static DecodingRequest inCompany(List<Integer> prompt, Speculation speculation) {
        return new DecodingRequest(
                prompt,
                TOKENS_IN_COMPANY,
                SamplingParameters.greedy(),
                List.of(),
                true,
                speculation,
                OptionalInt.of(2),
                false);
    }

    /** A word of the free text, its likeliest beginnings and its end are taken away; drafts of what is banned are turned down. */
    @Test
    void everyDrafterLeavesLimitedTextAsItIs(SmolLm smolLm) throws IOException {
        LanguageModel model = smolLm.model(Precision.INT8);
        Assumptions.assumeTrue(model.info().bitExact(), "this machine's kernels give other bits for other lengths");
        Tokenizer tokenizer = ModelText.read(smolLm.source()).tokenizer();
        List<Integer> prompt = prompts("edit.1").getFirst();
        try (Drafters drafters = drafters(smolLm, model)) {
            List<Integer> free = Recording.of(model, tokenizer, drafters, request(prompt, Speculation.off()))
                    .ids();
            TokenLimits limits = new TokenLimits(
                    IntStream.range(0, model.info().vocabularySize())
                            .filter(token -> token != free.get(0))
                            .boxed()
                            .collect(Collectors.toSet()),
                    List.of(free.subList(4, 6), List.of(free.get(10))));
            Recording plain = Recording.of(model, tokenizer, drafters, limited(prompt, limits, Speculation.off()));
            assertThat(plain.ids()).doesNotContain(free.get(0), free.get(10)).hasSizeGreaterThanOrEqualTo(20);
            for (DrafterKind kind : DrafterKind.values()) {
                for (boolean tree : new boolean[] {false, true}) {
                    if (drafters.has(kind) && (!tree || kind != DrafterKind.NONE)) {
                        Recording drafted =
                                Recording.of(model, tokenizer, drafters, limited(prompt, limits, exact(kind, tree)));
                        String what = kind + ", tree " + tree;
                        assertThat(drafted.ids()).as(what).isEqualTo(plain.ids());
                        assertThat(drafted.text()).as(what).isEqualTo(plain.text());
                        assertThat(logprobs(drafted)).as(what).isEqualTo(logprobs(plain));
                    }
                }
            }
        }
    }

    private static DecodingRequest limited(List<Integer> prompt, TokenLimits limits, Speculation speculation) {
        return new DecodingRequest(
                prompt,
                TOKENS,
                SamplingParameters.greedy(),
                limits,
                new Ending(List.of("e"), Set.of(), false, 20, true),
                speculation,
                OptionalInt.of(2),
                OptionalInt.empty(),
                false,
                null,
                Set.of());
    }

    /** Typical acceptance keeps what the target would not have taken, and so the comparison above must see it. */
    @Test
    void theComparisonSeesARuleThatIsNotLossless(SmolLm smolLm) throws IOException {
        LanguageModel model = smolLm.model(Precision.INT8);
        Tokenizer tokenizer = ModelText.read(smolLm.source()).tokenizer();
        SamplingParameters sampling = new SamplingParameters(0.7, 1, 0, 0, 1, 0, 0, Map.of(), 5);
        List<Integer> prompt = prompts("chat.1").getFirst();
        Speculation typical = new Speculation(
                DrafterKind.EAGLE, 3, false, false, AcceptanceKind.TYPICAL, new TypicalThreshold(0.001, 0.001));
        try (Drafters drafters = drafters(smolLm, model)) {
            Recording plain = Recording.of(model, tokenizer, drafters, request(prompt, sampling, Speculation.off()));
            Recording drafted = Recording.of(model, tokenizer, drafters, request(prompt, sampling, typical));
            assertThat(drafted.ids()).isNotEqualTo(plain.ids());
        }
    }

    static Drafters drafters(SmolLm smolLm, LanguageModel model) throws IOException {
        return drafters(smolLm, model, Precision.INT8);
    }

    private static Drafters drafters(SmolLm smolLm, LanguageModel model, Precision precision) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        Stream.of("medusa", "eagle", "mtp", "draft")
                .forEach(name -> files.put(name + ".safetensors", SmolLm.head(name)));
        return new DrafterOpener(smolLm.loader(), smolLm.heads(), new KvBudget(1L << 30), Path.of("none"))
                .open(model, ModelText.read(smolLm.source()).tokenizer(), smolLm.source(), precision, files, null);
    }

    private static Speculation exact(DrafterKind kind, boolean tree) {
        return new Speculation(kind, tree ? 12 : 3, tree, true, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT);
    }

    private static DecodingRequest request(List<Integer> prompt, Speculation speculation) {
        return request(prompt, SamplingParameters.greedy(), speculation);
    }

    private static DecodingRequest request(List<Integer> prompt, SamplingParameters sampling, Speculation speculation) {
        return new DecodingRequest(prompt, TOKENS, sampling, List.of(), true, speculation, OptionalInt.of(2), false);
    }

    private static List<?> logprobs(Recording recording) {
        return recording.tokens().stream().map(DecodedToken::logprobs).toList();
    }

    private static List<List<Integer>> prompts(String... names) {
        return Stream.of(names)
                .map(name -> golden().filter(
                                prompt -> prompt.get("name").asString().equals(name))
                        .findFirst()
                        .orElseThrow())
                .map(SmolLmDraftersTest::ids)
                .toList();
    }

    private static List<List<Integer>> allPrompts() {
        return golden().map(SmolLmDraftersTest::ids).toList();
    }

    private static Stream<JsonNode> golden() {
        return JsonMapper.shared().readTree(GREEDY.toFile()).get("prompts").valueStream();
    }

    private static List<Integer> ids(JsonNode prompt) {
        return prompt.get("prompt_ids").valueStream().map(JsonNode::asInt).toList();
    }
}
