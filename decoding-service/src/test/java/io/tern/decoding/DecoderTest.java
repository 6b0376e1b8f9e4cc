package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.draft.DraftModelOpening;
import io.tern.decoding.draft.DraftVocabulary;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.StepOutput;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenLogprob;
import io.tern.decoding.tree.TokenTree;
import io.tern.text.Tokenizer;
import io.tern.text.Utf8Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static final Tokenizer TOKENIZER = FakeTokenizer.small();
    private static final int END = 15;
    private static final List<SamplingParameters> SAMPLINGS = List.of(
            SamplingParameters.greedy(),
            new SamplingParameters(0, 1, 0, 0, 1.3, 0.5, 0.2, Map.of(3, 2.0, 7, -100.0), 0),
            SamplingParameters.plain(5),
            new SamplingParameters(0.4, 0.9, 0, 0, 1, 0, 0, Map.of(), 6),
            new SamplingParameters(0.3, 1, 4, 0.1, 1.05, 0.1, 0.1, Map.of(1, 1.5), 7),
            new SamplingParameters(2, 0.5, 10, 0, 1, -0.5, -0.5, Map.of(), 8));

    private static final List<DrafterKind> DRAFTERS = List.of(DrafterKind.NONE, DrafterKind.NGRAM, DrafterKind.AUTO);

    @Test
    void writesTheSameTextWithAndWithoutEachDrafterForEachWayOfSampling() {
        int accepted = 0;
        for (int seed = 0; seed < 20; seed++) {
            LanguageModel model = model(seed);
            for (SamplingParameters sampling : SAMPLINGS) {
                Recording plain = Recording.of(model, TOKENIZER, request(sampling, DrafterKind.NONE, 1, 90));
                for (DrafterKind drafter : DRAFTERS) {
                    for (int maxDraft : new int[] {1, 3, 16}) {
                        Recording drafted = Recording.of(model, TOKENIZER, request(sampling, drafter, maxDraft, 90));
                        String what = "model " + seed + ", " + sampling + ", " + drafter + " " + maxDraft;
                        assertThat(drafted.ids()).as(what).isEqualTo(plain.ids());
                        assertThat(drafted.text()).as(what).isEqualTo(plain.text());
                        assertThat(drafted.finished().reason())
                                .as(what)
                                .isEqualTo(plain.finished().reason());
                        assertThat(logprobs(drafted)).as(what).isEqualTo(logprobs(plain));
                        accepted += drafted.finished().stats().acceptedTokens();
                    }
                }
            }
        }
        assertThat(accepted).isGreaterThan(1000); // else nothing was tried
    }

    @Test
    void settlesMoreThanOneTokenAForwardWhereTheTextRepeats() {
        FakeLanguageModel model = model(1);
        Recording drafted =
                Recording.of(model, TOKENIZER, request(SamplingParameters.greedy(), DrafterKind.NGRAM, 3, 90));
        DecodingStats stats = drafted.finished().stats();
        assertThat(stats.acceptedTokens()).isGreaterThan(20);
        assertThat(stats.steps()).isEqualTo(drafted.steps().size()).isLessThan(stats.completionTokens());
        assertThat(model.forwards.get()).isEqualTo(stats.steps()); // a short prompt runs with the first step
        assertThat(stats.completionTokens()).isEqualTo(drafted.ids().size());
        assertThat(stats.meanAcceptanceLength())
                .isCloseTo(1 + (double) stats.acceptedTokens() / stats.steps(), within(1e-12));
        assertThat(stats.draftAcceptanceRate())
                .isCloseTo((double) stats.acceptedTokens() / stats.draftedTokens(), within(1e-12));
        assertThat(stats.acceptedPerPosition().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(stats.acceptedTokens());
        assertThat(drafted.tokens().stream().filter(DecodedToken::drafted).count())
                .isEqualTo(stats.acceptedTokens());
        assertThat(stats.firstToken()).isPositive().isLessThanOrEqualTo(stats.total());
    }

    @Test
    void readsALongPromptInChunksAndWritesTheSame() {
        for (int length : new int[] {1, 2, 127, 128, 129, 130, 256, 257, 400}) {
            FakeLanguageModel model = model(3);
            List<Integer> prompt = prompt(length);
            Recording recording = Recording.of(model, TOKENIZER, DecodingRequest.greedy(prompt, 5));
            assertThat(model.longestForward).isLessThanOrEqualTo(128);
            assertThat(recording.ids()).as("prompt of %s", length).isEqualTo(slowly(model, prompt, 5));
            assertThat(recording.finished().stats().promptTokens()).isEqualTo(length);
        }
    }

    @Test
    void endsAtAnEndTokenUnlessToldToGoOn() {
        boolean ended = false;
        for (int seed = 0; seed < 40; seed++) {
            Recording stopping = Recording.of(model(seed), TOKENIZER, DecodingRequest.greedy(prompt(3), 60));
            DecodingRequest on = new DecodingRequest(
                    prompt(3),
                    60,
                    SamplingParameters.greedy(),
                    List.of(),
                    true,
                    Speculation.chain(DrafterKind.NGRAM, 4),
                    OptionalInt.empty(),
                    false);
            Recording goingOn = Recording.of(model(seed), TOKENIZER, on);
            assertThat(goingOn.ids()).hasSize(60);
            int end = goingOn.ids().indexOf(END);
            if (end >= 0) {
                ended = true;
                assertThat(stopping.ids()).isEqualTo(goingOn.ids().subList(0, end + 1));
                assertThat(stopping.finished().reason()).isEqualTo(FinishReason.STOP);
                assertThat(stopping.stop()).isNull();
                assertThat(stopping.text()).doesNotContain("<end>");
            } else {
                assertThat(stopping.finished().reason()).isEqualTo(FinishReason.LENGTH);
            }
            assertThat(goingOn.text()).doesNotContain("<end>");
        }
        assertThat(ended).isTrue();
    }

    @Test
    void endsBeforeStopStringsThatReachOverTokensAndSendsNoPartOfThem() {
        Random random = new Random(9);
        int stopped = 0;
        for (int round = 0; round < 300; round++) {
            LanguageModel model = model(random.nextInt(20));
            SamplingParameters sampling = SAMPLINGS.get(random.nextInt(SAMPLINGS.size()));
            String whole = Recording.of(model, TOKENIZER, withStop(sampling, DrafterKind.NONE, List.of()))
                    .text();
            int from = random.nextInt(Math.max(1, whole.length() - 6));
            String stop = whole.substring(from, Math.min(whole.length(), from + 1 + random.nextInt(5)));
            if (stop.isEmpty()) {
                continue;
            }
            for (DrafterKind drafter : DRAFTERS) {
                Recording recording = Recording.of(model, TOKENIZER, withStop(sampling, drafter, List.of("zz", stop)));
                assertThat(recording.text()).as("stop at %s", stop).isEqualTo(whole.substring(0, whole.indexOf(stop)));
                assertThat(recording.stop()).isEqualTo(stop);
                assertThat(recording.finished().reason()).isEqualTo(FinishReason.STOP);
                stopped++;
            }
        }
        assertThat(stopped).isGreaterThan(500);
    }

    @Test
    void sendsWholeCharactersOnly() {
        int halves = 0;
        for (int seed = 0; seed < 40; seed++) {
            Recording recording = Recording.of(
                    model(seed), TOKENIZER, withStop(SamplingParameters.plain(seed), DrafterKind.AUTO, List.of()));
            Utf8Stream characters = new Utf8Stream();
            StringBuilder text = new StringBuilder();
            recording.ids().stream()
                    .filter(id -> id != END)
                    .forEach(id -> text.append(characters.append(TOKENIZER.bytes(id))));
            assertThat(recording.text()).isEqualTo(text.toString());
            halves += characters.finish().isEmpty() ? 0 : 1;
        }
        assertThat(halves).isPositive(); // texts that end within a character
    }

    @Test
    void reportsThePromptWithItsLogProbabilities() {
        for (int length : new int[] {1, 5, 129, 300}) {
            DecodingRequest request = new DecodingRequest(
                    prompt(length),
                    4,
                    SamplingParameters.greedy(),
                    List.of(),
                    true,
                    Speculation.chain(DrafterKind.NGRAM, 3),
                    OptionalInt.of(3),
                    true);
            FakeLanguageModel model = model(4);
            Recording recording = Recording.of(model, TOKENIZER, request);
            List<DecodedToken> echoed = recording.started().prompt();
            assertThat(echoed).extracting(DecodedToken::id).isEqualTo(request.prompt());
            assertThat(echoed.getFirst().logprobs()).isNull();
            List<Integer> all = new ArrayList<>(request.prompt());
            all.addAll(recording.ids());
            List<DecodedToken> reported = new ArrayList<>(echoed);
            reported.addAll(recording.tokens());
            for (int i = 1; i < all.size(); i++) {
                double[] expected = logSoftmax(model, all.subList(0, i));
                var logprobs = Objects.requireNonNull(reported.get(i).logprobs());
                assertThat(logprobs.logprob()).isCloseTo(expected[all.get(i)], within(1e-9));
                assertThat(logprobs.top()).hasSize(3);
                assertThat(logprobs.top())
                        .extracting(TokenLogprob::logprob)
                        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
                assertThat(logprobs.top().getFirst().logprob())
                        .isCloseTo(
                                IntStream.range(0, 16)
                                        .mapToDouble(t -> expected[t])
                                        .max()
                                        .orElseThrow(),
                                within(1e-9));
            }
        }
    }

    @Test
    void scoresAPromptWithoutWritingAnything() {
        for (int length : new int[] {1, 5, 129, 300}) {
            FakeLanguageModel model = model(4);
            Recording scored = Recording.of(model, TOKENIZER, scoring(length, 0));
            Recording written = Recording.of(model, TOKENIZER, scoring(length, 3));
            assertThat(scored.started().prompt())
                    .isEqualTo(written.started().prompt())
                    .hasSize(length);
            assertThat(scored.tokens()).isEmpty();
            assertThat(scored.finished().reason()).isEqualTo(FinishReason.LENGTH);
            DecodingStats stats = scored.finished().stats();
            assertThat(stats.completionTokens()).isZero();
            assertThat(stats.firstToken()).isLessThanOrEqualTo(stats.total()).isPositive();
            assertThat(model.openCaches()).isZero();
        }
    }

    private static DecodingRequest scoring(int length, int maxTokens) {
        return new DecodingRequest(
                prompt(length),
                maxTokens,
                SamplingParameters.greedy(),
                List.of(),
                true,
                Speculation.chain(DrafterKind.NGRAM, 3),
                OptionalInt.of(3),
                true);
    }

    @Test
    void echoesWithoutLogProbabilitiesWhereNoneAreAskedFor() {
        DecodingRequest request = new DecodingRequest(
                prompt(5),
                2,
                SamplingParameters.greedy(),
                List.of(),
                true,
                Speculation.off(),
                OptionalInt.empty(),
                true);
        Recording recording = Recording.of(model(4), TOKENIZER, request);
        assertThat(recording.started().prompt()).extracting(DecodedToken::id).isEqualTo(request.prompt());
        assertThat(recording.started().prompt()).allMatch(token -> token.logprobs() == null);
        assertThat(recording.tokens()).allMatch(token -> token.logprobs() == null);
    }

    @Test
    void fillsTheContextToItsLastToken() {
        FakeLanguageModel model = new FakeLanguageModel(16, 40, List.of(), 2);
        DecodingRequest request = request(SamplingParameters.greedy(), DrafterKind.NGRAM, 16, 30);
        Recording recording = Recording.of(model, TOKENIZER, request);
        assertThat(recording.ids()).hasSize(30);
        assertThat(recording.finished().reason()).isEqualTo(FinishReason.LENGTH);
        refused(
                "max_tokens",
                () -> Recording.of(model, TOKENIZER, request(SamplingParameters.greedy(), DrafterKind.NONE, 1, 31)));
        refused("prompt", () -> Recording.of(model, TOKENIZER, DecodingRequest.greedy(prompt(40), 1)));
        refused("token_ids", () -> Recording.of(model, TOKENIZER, DecodingRequest.greedy(List.of(1, 16), 1)));
        refused("token_ids", () -> Recording.of(model, TOKENIZER, DecodingRequest.greedy(List.of(-1), 1)));
    }

    @Test
    void refusesWrongFieldsByName() {
        refused("prompt", () -> DecodingRequest.greedy(List.of(), 1));
        refused("max_tokens", () -> DecodingRequest.greedy(List.of(1), 0));
        refused("stop", () -> withStop(SamplingParameters.greedy(), DrafterKind.NONE, List.of("")));
        refused("stop", () -> withStop(SamplingParameters.greedy(), DrafterKind.NONE, List.of("x".repeat(257))));
        refused(
                "stop",
                () -> withStop(SamplingParameters.greedy(), DrafterKind.NONE, java.util.Collections.nCopies(17, "x")));
        refused("speculation.max_draft", () -> request(SamplingParameters.greedy(), DrafterKind.NONE, 17, 1));
        refused("speculation.drafter", () -> DrafterKind.ofWireName("crystal"));
    }

    @Test
    void endsWithinAForwardWhenCancelledAndGivesTheCacheBack() {
        FakeLanguageModel model = model(1);
        Cancellation cancellation = new Cancellation();
        List<DecodingEvent> events = new ArrayList<>();
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(() -> new Decoder(
                                model, TOKENIZER, Drafters.lookups().withAuto(model))
                        .decode(
                                request(SamplingParameters.greedy(), DrafterKind.NONE, 1, 90),
                                event -> {
                                    events.add(event);
                                    if (events.size() == 4) {
                                        cancellation.cancel();
                                    }
                                },
                                cancellation))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(events).hasSize(4);
        assertThat(model.openCaches.get()).isZero();
    }

    /** The bad text is written between two steps of the good one, on the same model. */
    @Test
    void failsTheTextAloneWhoseLogitsAreNoNumbers() {
        FakeLanguageModel model = model(1);
        LanguageModel broken = new BrokenAt(model, 14);
        for (SamplingParameters sampling : SAMPLINGS) {
            DecodingRequest good = request(sampling, DrafterKind.NGRAM, 3, 20);
            DecodingRequest bad = new DecodingRequest(
                    List.of(14),
                    9,
                    sampling,
                    List.of(),
                    true,
                    Speculation.chain(DrafterKind.NGRAM, 3),
                    OptionalInt.empty(),
                    false);
            DecodingRequest scored = new DecodingRequest(
                    List.of(14, 1, 2), 9, sampling, List.of(), true, Speculation.off(), OptionalInt.of(2), true);
            Recording beside = new Recording();
            new Decoder(model, TOKENIZER, Drafters.lookups().withAuto(model))
                    .decode(
                            good,
                            event -> {
                                beside.events.add(event);
                                List.of(bad, scored)
                                        .forEach(request -> assertThatExceptionOfType(TernException.class)
                                                .isThrownBy(() -> Recording.of(broken, TOKENIZER, request))
                                                .satisfies(e ->
                                                        assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR)));
                            },
                            Cancellation.none());
            assertThat(beside.ids())
                    .isEqualTo(Recording.of(model, TOKENIZER, good).ids());
        }
        assertThat(model.openCaches()).isZero();
    }

    /** The target writes on by itself; with a draft model that works the same text is drafted. */
    @Test
    void aDraftModelWhoseLogitsAreNoNumbersDraftsNothing() {
        FakeLanguageModel model = model(1);
        DecodingRequest request = request(SamplingParameters.greedy(), DrafterKind.DRAFT_MODEL, 3, 40);
        List<Integer> plain = Recording.of(
                        model, TOKENIZER, request(SamplingParameters.greedy(), DrafterKind.NONE, 1, 40))
                .ids();
        for (boolean broken : new boolean[] {true, false}) {
            LanguageModel draft = broken ? new AllBroken(model(1)) : model(1);
            Recording drafted = Recording.of(
                    model,
                    TOKENIZER,
                    Drafters.lookups()
                            .with(DrafterKind.DRAFT_MODEL, new DraftModelOpening(() -> draft, DraftVocabulary.WHOLE)),
                    request);
            assertThat(drafted.ids()).isEqualTo(plain);
            assertThat(drafted.finished().stats().draftedTokens() == 0).isEqualTo(broken);
        }
        assertThat(model.openCaches()).isZero();
    }

    /** Gives nothing but NaN. */
    private record AllBroken(LanguageModel model) implements LanguageModel {
        @Override
        public ModelInfo info() {
            return model.info();
        }

        @Override
        public KvCache newCache(int capacityTokens) {
            return model.newCache(capacityTokens);
        }

        @Override
        public StepOutput forward(KvCache cache, TokenTree tokens, int rows, Cancellation cancellation) {
            StepOutput output = model.forward(cache, tokens, rows, cancellation);
            if (rows == 0) {
                return output;
            }
            float[][] values = new float[rows][output.logits().vocabularySize()];
            for (float[] row : values) {
                Arrays.fill(row, Float.NaN);
            }
            return new StepOutput(new FakeLogits(values), output.hidden());
        }

        @Override
        public void close() {}
    }

    /** Gives NaN for one token of each row of a forward that runs the bad token. */
    private record BrokenAt(LanguageModel model, int badToken) implements LanguageModel {
        @Override
        public ModelInfo info() {
            return model.info();
        }

        @Override
        public KvCache newCache(int capacityTokens) {
            return model.newCache(capacityTokens);
        }

        @Override
        public StepOutput forward(KvCache cache, TokenTree tokens, int rows, Cancellation cancellation) {
            StepOutput output = model.forward(cache, tokens, rows, cancellation);
            if (IntStream.of(tokens.toArray()).noneMatch(token -> token == badToken)) {
                return output;
            }
            Logits logits = output.logits();
            float[][] values = new float[rows][logits.vocabularySize()];
            for (int row = 0; row < rows; row++) {
                logits.copyRow(row, values[row]);
                values[row][5] = Float.NaN;
            }
            return new StepOutput(new FakeLogits(values), output.hidden());
        }

        @Override
        public void close() {}
    }

    @Test
    void givesTheCacheBackWhenTheListenerFails() {
        FakeLanguageModel model = model(1);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(
                        () -> new Decoder(model, TOKENIZER, Drafters.lookups().withAuto(model))
                                .decode(
                                        DecodingRequest.greedy(prompt(3), 9),
                                        _ -> {
                                            throw new IllegalStateException("gone");
                                        },
                                        Cancellation.none()));
        assertThat(model.openCaches.get()).isZero();
    }

    private static void refused(String field, Runnable action) {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(action::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    private static FakeLanguageModel model(long seed) {
        return new FakeLanguageModel(16, 1000, List.of(END), seed);
    }

    private static List<Integer> prompt(int length) {
        return new Random(length).ints(length, 0, 12).boxed().toList();
    }

    private static DecodingRequest request(
            SamplingParameters sampling, DrafterKind drafter, int maxDraft, int maxTokens) {
        return new DecodingRequest(
                prompt(10),
                maxTokens,
                sampling,
                List.of(),
                true,
                Speculation.chain(drafter, maxDraft),
                OptionalInt.of(2),
                false);
    }

    private static DecodingRequest withStop(SamplingParameters sampling, DrafterKind drafter, List<String> stop) {
        return new DecodingRequest(
                prompt(4), 60, sampling, stop, true, Speculation.chain(drafter, 3), OptionalInt.empty(), false);
    }

    private static List<?> logprobs(Recording recording) {
        return recording.tokens().stream().map(DecodedToken::logprobs).toList();
    }

    /** One token after another, each time from the start. */
    private static List<Integer> slowly(LanguageModel model, List<Integer> prompt, int count) {
        List<Integer> all = new ArrayList<>(prompt);
        for (int i = 0; i < count && (i == 0 || all.getLast() != END); i++) {
            double[] next = logSoftmax(model, all);
            all.add(IntStream.range(0, next.length)
                    .reduce((a, b) -> next[b] > next[a] ? b : a)
                    .orElseThrow());
        }
        return all.subList(prompt.size(), all.size());
    }

    private static double[] logSoftmax(LanguageModel model, List<Integer> tokens) {
        try (var cache = model.newCache(tokens.size())) {
            var logits = model.forward(
                    cache, tokens.stream().mapToInt(Integer::intValue).toArray(), 1, Cancellation.none());
            double sum = IntStream.range(0, 16)
                    .mapToDouble(t -> Math.exp(logits.get(0, t)))
                    .sum();
            return IntStream.range(0, 16)
                    .mapToDouble(t -> logits.get(0, t) - Math.log(sum))
                    .toArray();
        }
    }
}
