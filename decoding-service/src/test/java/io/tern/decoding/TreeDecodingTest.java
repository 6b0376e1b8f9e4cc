package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.decoding.draft.DraftModelOpening;
import io.tern.decoding.draft.DraftVocabulary;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.StepOutput;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.tree.TokenTree;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The loop over drafts of every form, on a model of a small vocabulary, so that blind guesses are right often enough. */
class TreeDecodingTest {
    private static final int VOCABULARY = 16;
    private static final FakeTokenizer TOKENIZER = FakeTokenizer.small();
    private static final List<Integer> PROMPT = List.of(3, 1, 4, 1, 5);
    private static final List<SamplingParameters> SAMPLINGS = List.of(
            SamplingParameters.greedy(),
            new SamplingParameters(0, 1, 0, 0, 1.3, 0.2, 0.1, Map.of(), 1),
            new SamplingParameters(0.9, 0.9, 0, 0, 1.1, 0, 0.2, Map.of(), 2));

    @Test
    void writesTheSameTextWhateverTreesAreDrafted() {
        int accepted = 0;
        int ahead = 0;
        for (int seed = 0; seed < 40; seed++) {
            for (SamplingParameters sampling : SAMPLINGS) {
                FakeLanguageModel model = model(seed);
                Recording plain = Recording.of(model, TOKENIZER, request(sampling, Speculation.off()));
                for (boolean exact : new boolean[] {true, false}) {
                    Recording drafted = guessing(model, seed, request(sampling, tree(exact, AcceptanceKind.GREEDY)));
                    String what = "model " + seed + ", " + sampling + ", exact " + exact;
                    assertThat(drafted.ids()).as(what).isEqualTo(plain.ids());
                    assertThat(drafted.text()).as(what).isEqualTo(plain.text());
                    assertThat(logprobs(drafted)).as(what).isEqualTo(logprobs(plain));
                    checkFigures(drafted);
                    accepted += drafted.finished().stats().acceptedTokens();
                    ahead += exact ? stepsWithTheOwnTokenOnABranch(drafted) : 0;
                }
                assertThat(model.openCaches()).isZero();
            }
        }
        assertThat(accepted).isGreaterThan(500); // else nothing was tried
        assertThat(ahead).isGreaterThan(100);
    }

    @Test
    void theDrafterIsToldTheStateOfEachTokenThatStands() {
        for (int seed = 0; seed < 20; seed++) {
            for (boolean exact : new boolean[] {true, false}) {
                FakeLanguageModel model = model(seed);
                GuessingDrafter drafter = new GuessingDrafter(seed, VOCABULARY);
                Recording recording = Recording.of(
                        model,
                        TOKENIZER,
                        Drafters.lookups().with(DrafterKind.EAGLE, _ -> drafter),
                        request(SamplingParameters.greedy(), tree(exact, AcceptanceKind.GREEDY)));
                List<Integer> text = new ArrayList<>(PROMPT);
                text.addAll(recording.ids());
                assertThat(drafter.told()).hasSizeBetween(text.size() - 1, text.size());
                try (var cache = model.newCache(text.size())) {
                    StepOutput output = model.forward(
                            cache,
                            TokenTree.chain(
                                    text.stream().mapToInt(Integer::intValue).toArray()),
                            0,
                            Cancellation.none());
                    for (int i = 0; i < text.size() - 1; i++) {
                        float[] expected = new float[output.hidden().width()];
                        output.hidden().copyRow(i, expected);
                        assertThat(drafter.told().get(i)).as("token %s", i).isEqualTo(expected);
                    }
                }
            }
        }
    }

    /** 6,000 texts of two tokens for each way; the false alarm is three in ten million for each. */
    @Test
    void drawsFromTheTargetsDistributionByRejectionOnChainsAndTrees() {
        SamplingParameters hot = new SamplingParameters(1.4, 0.95, 0, 0, 1, 0, 0, Map.of(), 0);
        FakeLanguageModel model = model(3);
        double[] truth = pairs(model, hot);
        for (boolean tree : new boolean[] {false, true}) {
            for (boolean exact : new boolean[] {true, false}) {
                long[] counts = new long[VOCABULARY * VOCABULARY];
                Speculation speculation = new Speculation(
                        DrafterKind.EAGLE, 8, tree, exact, AcceptanceKind.REJECTION, TypicalThreshold.DEFAULT);
                for (int seed = 0; seed < 6_000; seed++) {
                    Recording recording = guessing(
                            model,
                            seed,
                            new DecodingRequest(
                                    PROMPT,
                                    3,
                                    seeded(hot, seed),
                                    List.of(),
                                    true,
                                    speculation,
                                    OptionalInt.empty(),
                                    false));
                    counts[recording.ids().get(0) * VOCABULARY + recording.ids().get(1)]++;
                }
                assertThat(Distributions.z(counts, truth))
                        .as("tree %s, exact %s", tree, exact)
                        .isLessThan(Distributions.FALSE_ALARM_Z);
            }
        }
    }

    /** A draft model that agrees often, another that seldom does; drawn drafts, chains and trees. */
    @Test
    void drawsFromTheTargetsDistributionWithADraftModel() {
        SamplingParameters hot = new SamplingParameters(1.2, 1, 0, 0, 1, 0, 0, Map.of(), 0);
        FakeLanguageModel model = model(3);
        double[] truth = pairs(model, hot);
        for (long drafting : new long[] {3, 4}) {
            FakeLanguageModel small = model(drafting);
            Drafters drafters = Drafters.lookups()
                    .with(DrafterKind.DRAFT_MODEL, new DraftModelOpening(() -> small, DraftVocabulary.WHOLE));
            for (boolean tree : new boolean[] {false, true}) {
                long[] counts = new long[VOCABULARY * VOCABULARY];
                Speculation speculation = new Speculation(
                        DrafterKind.DRAFT_MODEL, 4, tree, false, AcceptanceKind.REJECTION, TypicalThreshold.DEFAULT);
                for (int seed = 0; seed < 6_000; seed++) {
                    DecodingRequest request = new DecodingRequest(
                            PROMPT, 3, seeded(hot, seed), List.of(), true, speculation, OptionalInt.empty(), false);
                    Recording recording = Recording.of(model, TOKENIZER, drafters, request);
                    counts[recording.ids().get(0) * VOCABULARY + recording.ids().get(1)]++;
                }
                assertThat(Distributions.z(counts, truth))
                        .as("draft model %s, tree %s", drafting, tree)
                        .isLessThan(Distributions.FALSE_ALARM_Z);
            }
            assertThat(small.openCaches()).isZero();
        }
    }

    @Test
    void aDraftModelThatIsTheTargetIsAlwaysRight() {
        for (boolean tree : new boolean[] {false, true}) {
            FakeLanguageModel model = model(5);
            Drafters drafters = Drafters.lookups()
                    .with(DrafterKind.DRAFT_MODEL, new DraftModelOpening(() -> model(5), DraftVocabulary.WHOLE));
            Speculation speculation = new Speculation(
                    DrafterKind.DRAFT_MODEL, 6, tree, true, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT);
            DecodingRequest request = request(SamplingParameters.greedy(), speculation);
            DecodingStats stats =
                    Recording.of(model, TOKENIZER, drafters, request).finished().stats();
            assertThat(stats.completionTokens()).isEqualTo(60);
            assertThat(stats.acceptedTokens()).isEqualTo(60 - stats.steps());
            assertThat(stats.meanAcceptanceLength()).isGreaterThan(tree ? 2 : 6);
        }
    }

    @Test
    void typicalAcceptanceWritesAnotherText() {
        int different = 0;
        for (int seed = 0; seed < 20; seed++) {
            FakeLanguageModel model = model(seed);
            SamplingParameters sampling = SamplingParameters.plain(seed);
            Recording plain = Recording.of(model, TOKENIZER, request(sampling, Speculation.off()));
            Recording typical = guessing(model, seed, request(sampling, tree(false, AcceptanceKind.TYPICAL)));
            different += typical.ids().equals(plain.ids()) ? 0 : 1;
        }
        assertThat(different).isPositive();
    }

    private static void checkFigures(Recording recording) {
        DecodingStats stats = recording.finished().stats();
        assertThat(stats.steps()).isEqualTo(recording.steps().size());
        assertThat(stats.draftedTokens())
                .isEqualTo(recording.steps().stream()
                        .mapToInt(DecodingEvent.Step::drafted)
                        .sum());
        assertThat(stats.acceptedTokens())
                .isEqualTo(recording.steps().stream()
                        .mapToInt(DecodingEvent.Step::accepted)
                        .sum())
                .isEqualTo(recording.tokens().stream()
                        .filter(DecodedToken::drafted)
                        .count())
                .isEqualTo(stats.acceptedPerPosition().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
        assertThat(stats.completionTokens()).isLessThanOrEqualTo(stats.acceptedTokens() + stats.steps());
    }

    private static long stepsWithTheOwnTokenOnABranch(Recording recording) {
        return recording.steps().stream()
                .filter(step -> step.accepted() == 0)
                .filter(step -> step.draft().stream()
                        .anyMatch(token -> token.parent() == TokenTree.ROOT
                                && token.id() == step.tokens().getFirst().id()))
                .count();
    }

    /** Probabilities of the first two tokens, without any decoder. */
    private static double[] pairs(FakeLanguageModel model, SamplingParameters sampling) {
        double[] pairs = new double[VOCABULARY * VOCABULARY];
        double[] first = distribution(model, PROMPT, sampling);
        for (int token = 0; token < VOCABULARY; token++) {
            List<Integer> text = new ArrayList<>(PROMPT);
            text.add(token);
            double[] second = distribution(model, text, sampling);
            for (int next = 0; next < VOCABULARY; next++) {
                pairs[token * VOCABULARY + next] = first[token] * second[next];
            }
        }
        return pairs;
    }

    private static double[] distribution(FakeLanguageModel model, List<Integer> text, SamplingParameters sampling) {
        float[] row = new float[VOCABULARY];
        try (var cache = model.newCache(text.size())) {
            model.forward(cache, text.stream().mapToInt(Integer::intValue).toArray(), 1, Cancellation.none())
                    .copyRow(0, row);
        }
        double[] p = Distributions.softmax(row, sampling.temperature());
        List<Integer> order = IntStream.range(0, VOCABULARY)
                .boxed()
                .sorted((a, b) -> Double.compare(p[b], p[a]))
                .toList();
        double sum = 0;
        for (int token : order) {
            double before = sum;
            sum += p[token];
            if (before >= sampling.topP()) {
                sum -= p[token];
                p[token] = 0;
            }
        }
        double kept = sum;
        return Arrays.stream(p).map(value -> value / kept).toArray();
    }

    private static Recording guessing(FakeLanguageModel model, long seed, DecodingRequest request) {
        Drafters drafters = Drafters.lookups().with(DrafterKind.EAGLE, _ -> new GuessingDrafter(seed + 99, VOCABULARY));
        return Recording.of(model, TOKENIZER, drafters, request);
    }

    private static FakeLanguageModel model(long seed) {
        return new FakeLanguageModel(VOCABULARY, 1000, List.of(15), seed);
    }

    private static Speculation tree(boolean exact, AcceptanceKind acceptance) {
        return new Speculation(DrafterKind.EAGLE, 24, true, exact, acceptance, TypicalThreshold.DEFAULT);
    }

    private static SamplingParameters seeded(SamplingParameters sampling, long seed) {
        return new SamplingParameters(sampling.temperature(), sampling.topP(), 0, 0, 1, 0, 0, Map.of(), seed);
    }

    private static DecodingRequest request(SamplingParameters sampling, Speculation speculation) {
        return new DecodingRequest(PROMPT, 60, sampling, List.of(), true, speculation, OptionalInt.of(2), false);
    }

    private static List<?> logprobs(Recording recording) {
        return recording.tokens().stream().map(DecodedToken::logprobs).toList();
    }
}
