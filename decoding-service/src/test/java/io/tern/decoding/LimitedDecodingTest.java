package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.draft.DraftModelOpening;
import io.tern.decoding.draft.DraftVocabulary;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenLimits;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a text may say and how short it may be, with every way to draft and to accept. */
class LimitedDecodingTest {
    private static final int VOCABULARY = 16;
    private static final int END = 15;
    private static final int STOP = 11;
    private static final FakeTokenizer TOKENIZER = FakeTokenizer.small();
    private static final List<Integer> PROMPT = List.of(3, 1, 4, 1, 5);
    private static final TokenLimits SOME = new TokenLimits(
            Set.of(0, 1, 2, 4, 5, 8, STOP, 12, 13, END), List.of(List.of(2), List.of(0, 1), List.of(5, 8, 5)));
    private static final Ending LATE = new Ending(List.of("ba"), Set.of(STOP), false, 12, true);
    private static final Ending EARLY = new Ending(List.of("ba"), Set.of(STOP), false, 0, true);
    private static final List<SamplingParameters> SAMPLINGS = List.of(
            SamplingParameters.greedy(),
            new SamplingParameters(0, 1, 0, 0, 1.3, 0.2, 0.1, Map.of(4, 1.5), 1),
            new SamplingParameters(0.9, 0.9, 6, 0.01, 1.1, 0, 0.2, Map.of(), 2));

    @Test
    void writesTheSameHoweverItIsDrafted() {
        int accepted = 0;
        for (int seed = 0; seed < 12; seed++) {
            FakeLanguageModel model = model(seed);
            for (SamplingParameters sampling : SAMPLINGS) {
                for (Ending ending : List.of(LATE, EARLY)) {
                    Recording plain =
                            Recording.of(model, TOKENIZER, request(sampling, SOME, ending, Speculation.off()));
                    for (Map.Entry<Speculation, Drafters> way :
                            lossless(model, seed).entrySet()) {
                        Recording drafted = Recording.of(
                                model, TOKENIZER, way.getValue(), request(sampling, SOME, ending, way.getKey()));
                        String what = "model " + seed + ", " + sampling + ", " + ending + ", " + way.getKey();
                        assertThat(drafted.ids()).as(what).isEqualTo(plain.ids());
                        assertThat(drafted.text()).as(what).isEqualTo(plain.text());
                        assertThat(drafted.stop()).as(what).isEqualTo(plain.stop());
                        assertThat(drafted.finished().stopToken())
                                .as(what)
                                .isEqualTo(plain.finished().stopToken());
                        assertThat(logprobs(drafted)).as(what).isEqualTo(logprobs(plain));
                        accepted += drafted.finished().stats().acceptedTokens();
                    }
                }
            }
        }
        assertThat(accepted).isGreaterThan(500); // else nothing was tried
    }

    @Test
    void everyAcceptanceKeepsToTheLimits() {
        for (int seed = 0; seed < 12; seed++) {
            FakeLanguageModel model = model(seed);
            for (SamplingParameters sampling : SAMPLINGS) {
                for (AcceptanceKind kind : AcceptanceKind.values()) {
                    for (boolean tree : new boolean[] {false, true}) {
                        Speculation speculation =
                                new Speculation(DrafterKind.EAGLE, 8, tree, false, kind, TypicalThreshold.DEFAULT);
                        Recording recording = Recording.of(
                                model,
                                TOKENIZER,
                                guesses(seed, VOCABULARY),
                                request(sampling, SOME, LATE, speculation));
                        assertKept(recording, kind + ", tree " + tree + ", seed " + seed);
                    }
                }
            }
        }
    }

    private static void assertKept(Recording recording, String what) {
        List<Integer> ids = recording.ids();
        assertThat(SOME.allowed()).as(what).containsAll(ids);
        for (List<Integer> word : SOME.banned()) {
            for (int from = 0; from + word.size() <= ids.size(); from++) {
                assertThat(ids.subList(from, from + word.size())).as(what).isNotEqualTo(word);
            }
        }
        assertThat(ids.size()).as(what).isGreaterThanOrEqualTo(LATE.minTokens());
        assertThat(ids.subList(0, LATE.minTokens())).as(what).doesNotContain(END, STOP);
    }

    /** And so the tests above would see it. */
    @Test
    void theLimitsChangeTheText() {
        int changed = 0;
        for (int seed = 0; seed < 12; seed++) {
            FakeLanguageModel model = model(seed);
            List<Integer> free = greedy(model, TokenLimits.NONE, EARLY).ids();
            changed += greedy(model, new TokenLimits(SOME.allowed(), List.of()), EARLY)
                            .ids()
                            .equals(free)
                    ? 0
                    : 1;
            changed += greedy(model, new TokenLimits(Set.of(), SOME.banned()), EARLY)
                            .ids()
                            .equals(free)
                    ? 0
                    : 1;
        }
        assertThat(changed).isGreaterThan(10);
    }

    @Test
    void aWordIsBannedInTheOutputAloneAndItsBeginningIsNot() {
        FakeLanguageModel model = model(1);
        Ending none = Ending.of(List.of(), true);
        List<Integer> free = greedy(model, TokenLimits.NONE, none).ids();
        // The prompt's last token and the first of the output are no word of the output.
        TokenLimits acrossTheBorder = new TokenLimits(Set.of(), List.of(List.of(PROMPT.getLast(), free.getFirst())));
        assertThat(greedy(model, acrossTheBorder, none).ids().getFirst()).isEqualTo(free.getFirst());
        List<Integer> changed = greedy(model, new TokenLimits(Set.of(), List.of(free.subList(0, 3))), none)
                .ids();
        assertThat(changed.subList(0, 2)).isEqualTo(free.subList(0, 2));
        assertThat(changed.get(2)).isNotEqualTo(free.get(2));
    }

    @Test
    void whatEndedTheTextIsPartOfItIfItShallBe() {
        int tokens = 0;
        int strings = 0;
        for (int seed = 0; seed < 40; seed++) {
            FakeLanguageModel model = model(seed);
            Recording hidden = drawn(model, seed, new Ending(List.of("ba"), Set.of(STOP), true, 0, false));
            Recording shown = drawn(model, seed, new Ending(List.of("ba"), Set.of(STOP), true, 0, true));
            assertThat(shown.ids()).isEqualTo(hidden.ids());
            if (shown.finished().stopToken() != null) {
                tokens++;
                assertThat(shown.finished().stopToken())
                        .isEqualTo(STOP)
                        .isEqualTo(shown.ids().getLast());
                assertThat(shown.text()).startsWith(hidden.text()).endsWith("abc");
            } else if (shown.stop() != null) {
                strings++;
                assertThat(shown.text()).startsWith(hidden.text()).endsWith("ba");
                assertThat(hidden.text()).doesNotContain("ba");
            }
        }
        assertThat(tokens).isPositive();
        assertThat(strings).isPositive();
    }

    /** Behind two of them nothing may come: a draft that goes on there fails no sooner than plain decoding does. */
    @Test
    void aTextThatEndsBeforeNothingIsLeftEndsWithDraftsToo() {
        FakeLanguageModel model = model(2);
        TokenLimits limits = new TokenLimits(Set.of(0), List.of(List.of(0, 0, 0)));
        Ending inTime = new Ending(List.of("aa"), Set.of(), true, 0, false);
        int accepted = 0;
        for (int seed = 0; seed < 20; seed++) {
            Recording drafted = Recording.of(
                    model,
                    TOKENIZER,
                    guesses(seed, 1),
                    request(SamplingParameters.greedy(), limits, inTime, Speculation.chain(DrafterKind.EAGLE, 4)));
            assertThat(drafted.ids()).containsExactly(0, 0);
            assertThat(drafted.finished().reason()).isEqualTo(FinishReason.STOP);
            accepted += drafted.finished().stats().acceptedTokens();
        }
        assertThat(accepted).isPositive();
        DecodingRequest stuck = request(
                SamplingParameters.greedy(),
                limits,
                Ending.of(List.of(), true),
                Speculation.chain(DrafterKind.EAGLE, 4));
        assertThatThrownBy(() -> Recording.of(model, TOKENIZER, guesses(1, 1), stuck))
                .isInstanceOf(TernException.class)
                .hasMessage("allowed_token_ids: no token that may come next (expected: at each place one that the"
                        + " text's form allows)");
    }

    @Test
    void scoresThePromptInAnotherNumberThanTheText() {
        Recording recording = Recording.of(
                model(4),
                TOKENIZER,
                new DecodingRequest(
                        PROMPT,
                        3,
                        SamplingParameters.greedy(),
                        SOME,
                        EARLY,
                        Speculation.off(),
                        OptionalInt.of(1),
                        OptionalInt.of(VOCABULARY),
                        false,
                        null,
                        Set.of()));
        List<DecodedToken> prompt = recording.started().prompt();
        assertThat(prompt.stream().map(DecodedToken::id)).isEqualTo(PROMPT);
        assertThat(prompt.getFirst().logprobs()).isNull();
        for (DecodedToken token : prompt.subList(1, PROMPT.size())) {
            int rank = token.logprobs().rank();
            assertThat(token.logprobs().top().get(rank - 1).token()).isEqualTo(token.id());
        }
        assertThat(recording.tokens()).allMatch(token -> token.logprobs().top().size() == 1);
    }

    @Test
    void refusesWhatContradictsItself() {
        assertRefused("min_tokens", TokenLimits.NONE, -1);
        assertRefused("min_tokens", TokenLimits.NONE, 61);
        assertRefused("allowed_token_ids", new TokenLimits(Set.of(VOCABULARY), List.of()), 0);
        assertRefused("allowed_token_ids", new TokenLimits(Set.of(-1), List.of()), 0);
        assertRefused("allowed_token_ids", new TokenLimits(Set.of(END, STOP), List.of()), 1);
        assertRefused("bad_words", new TokenLimits(Set.of(), List.of(List.of(VOCABULARY))), 0);
    }

    private static void assertRefused(String field, TokenLimits limits, int minTokens) {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(
                        () -> greedy(model(1), limits, new Ending(List.of(), Set.of(STOP), false, minTokens, false)))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    /** Every way to draft whose text is that of plain decoding. */
    private static Map<Speculation, Drafters> lossless(FakeLanguageModel model, int seed) {
        Map<Speculation, Drafters> ways = new LinkedHashMap<>();
        ways.put(Speculation.chain(DrafterKind.NGRAM, 4), Drafters.lookups());
        ways.put(Speculation.chain(DrafterKind.AUTO, 4), Drafters.lookups().withAuto(model));
        FakeLanguageModel small = model(seed);
        Drafters same = Drafters.lookups()
                .with(DrafterKind.DRAFT_MODEL, new DraftModelOpening(() -> small, DraftVocabulary.WHOLE));
        for (boolean tree : new boolean[] {false, true}) {
            for (boolean exact : new boolean[] {true, false}) {
                ways.put(
                        new Speculation(
                                DrafterKind.DRAFT_MODEL,
                                6,
                                tree,
                                exact,
                                AcceptanceKind.GREEDY,
                                TypicalThreshold.DEFAULT),
                        same);
                ways.put(
                        new Speculation(
                                DrafterKind.EAGLE, 12, tree, exact, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT),
                        guesses(seed, VOCABULARY));
            }
        }
        return ways;
    }

    private static Drafters guesses(long seed, int vocabularySize) {
        return Drafters.lookups().with(DrafterKind.EAGLE, _ -> new GuessingDrafter(seed, vocabularySize));
    }

    private static FakeLanguageModel model(long seed) {
        return new FakeLanguageModel(VOCABULARY, 1000, List.of(END), seed);
    }

    private static Recording greedy(FakeLanguageModel model, TokenLimits limits, Ending ending) {
        return Recording.of(model, TOKENIZER, request(SamplingParameters.greedy(), limits, ending, Speculation.off()));
    }

    private static Recording drawn(FakeLanguageModel model, int seed, Ending ending) {
        return Recording.of(
                model, TOKENIZER, request(SamplingParameters.plain(seed), TokenLimits.NONE, ending, Speculation.off()));
    }

    private static DecodingRequest request(
            SamplingParameters sampling, TokenLimits limits, Ending ending, Speculation speculation) {
        return new DecodingRequest(
                PROMPT,
                60,
                sampling,
                limits,
                ending,
                speculation,
                OptionalInt.of(2),
                OptionalInt.empty(),
                false,
                null,
                Set.of());
    }

    private static List<?> logprobs(Recording recording) {
        return recording.tokens().stream().map(DecodedToken::logprobs).toList();
    }
}
