package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tern.base.TernException;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.grammar.Grammar;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.grammar.VocabularyTrie;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenLimits;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A grammar over a model that knows nothing of it, with and without drafts. */
class ConstrainedDecodingTest {
    private static final FakeTokenizer TOKENIZER = tokenizer();
    private static final int END = TOKENIZER.vocabularySize() - 1;
    private static final TokenGrammar GRAMMAR =
            Grammar.ofJsonSchema(JsonMapper.shared().readTree("""
                {"type": "array", "minItems": 3, "maxItems": 12, "items": {"anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": 21},
                    {"type": "string", "maxLength": 2, "pattern": "^[ab]*$"}]}}\
                """), "schema").over(vocabulary());

    private static FakeTokenizer tokenizer() {
        List<byte[]> pieces = new ArrayList<>();
        for (String text : List.of(
                "[", "]", "[\"", "\",", "\"", ",", ", ", "a", "b", "aa", "ab", "0", "1", "2", "12", "[1", "c", " ",
                "21,1")) {
            pieces.add(text.getBytes(StandardCharsets.UTF_8));
        }
        pieces.add("<end>".getBytes(StandardCharsets.UTF_8));
        return new FakeTokenizer(pieces);
    }

    private static VocabularyTrie vocabulary() {
        byte[][] bytes = new byte[TOKENIZER.vocabularySize()][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = TOKENIZER.bytes(id);
        }
        return new VocabularyTrie(bytes, TOKENIZER::isControl, List.of(END));
    }

    @Test
    void everyTextIsWholeAndTheSameWithDraftsAndWithout() {
        int accepted = 0;
        for (int seed = 0; seed < 60; seed++) {
            FakeLanguageModel model = new FakeLanguageModel(TOKENIZER.vocabularySize(), 1000, List.of(END), seed);
            for (SamplingParameters sampling : List.of(
                    SamplingParameters.greedy(),
                    SamplingParameters.plain(seed),
                    new SamplingParameters(0.7, 0.9, 5, 0.05, 1.2, 0.3, 0.1, Map.of(3, 2.0), seed))) {
                Recording plain = record(model, sampling, Speculation.off());
                assertValid(plain);
                Recording drafted = record(model, sampling, Speculation.chain(DrafterKind.NGRAM, 4));
                assertThat(drafted.ids()).isEqualTo(plain.ids());
                accepted += drafted.finished().stats().acceptedTokens();
                for (AcceptanceKind kind : List.of(AcceptanceKind.REJECTION, AcceptanceKind.TYPICAL)) {
                    assertValid(record(
                            model,
                            sampling,
                            new Speculation(DrafterKind.NGRAM, 4, false, false, kind, TypicalThreshold.DEFAULT)));
                }
            }
        }
        assertThat(accepted).isGreaterThan(100); // else nothing was tried
    }

    private static void assertValid(Recording recording) {
        assertThat(recording.finished().reason()).isEqualTo(FinishReason.STOP);
        JsonNode value = JsonMapper.shared().readTree(recording.text());
        assertThat(value.size()).isBetween(3, 12);
        assertThat(value.values())
                .allMatch(item -> item.isString()
                        ? item.stringValue().matches("[ab]{0,2}")
                        : item.intValue() >= 1 && item.intValue() <= 21);
    }

    @Test
    void aTextThatIsCutIsTheBeginningOfAWholeOne() {
        FakeLanguageModel model = new FakeLanguageModel(TOKENIZER.vocabularySize(), 1000, List.of(END), 1);
        String whole =
                record(model, SamplingParameters.greedy(), Speculation.off()).text();
        Recording cut =
                Recording.of(model, TOKENIZER, request(SamplingParameters.greedy(), Speculation.off(), 3, false));
        assertThat(cut.finished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(whole).startsWith(cut.text());
    }

    @Test
    void aFormHasAnEndThatCannotBeIgnored() {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(() -> request(SamplingParameters.greedy(), Speculation.off(), 3, true))
                .satisfies(e -> assertThat(e.field()).isEqualTo("ignore_eos"));
    }

    /** However many tokens were asked for. */
    @Test
    void aFormEndsWhereNothingElseMayCome() {
        int banned = 10;
        Ending late = new Ending(List.of(), Set.of(), false, 100, false);
        TokenLimits limits = new TokenLimits(Set.of(), List.of(List.of(banned)));
        for (int seed = 0; seed < 20; seed++) {
            FakeLanguageModel model = new FakeLanguageModel(TOKENIZER.vocabularySize(), 1000, List.of(END), seed);
            for (SamplingParameters sampling : List.of(SamplingParameters.greedy(), SamplingParameters.plain(seed))) {
                Recording plain = Recording.of(model, TOKENIZER, request(sampling, limits, late, Speculation.off()));
                assertValid(plain);
                Recording drafted = Recording.of(
                        model, TOKENIZER, request(sampling, limits, late, Speculation.chain(DrafterKind.NGRAM, 4)));
                assertThat(drafted.ids()).isEqualTo(plain.ids()).doesNotContain(banned);
            }
        }
    }

    @Test
    void endsBehindAStopToken() {
        FakeLanguageModel model = new FakeLanguageModel(TOKENIZER.vocabularySize(), 1000, List.of(END), 5);
        List<Integer> free =
                Recording.of(model, TOKENIZER, request(Set.of(), null)).ids();
        int stop = free.get(7);
        List<Integer> stopped =
                Recording.of(model, TOKENIZER, request(Set.of(stop), null)).ids();
        assertThat(stopped).isEqualTo(free.subList(0, free.indexOf(stop) + 1));
    }

    private static Recording record(FakeLanguageModel model, SamplingParameters sampling, Speculation speculation) {
        return Recording.of(model, TOKENIZER, request(sampling, speculation, 200, false));
    }

    private static DecodingRequest request(
            SamplingParameters sampling, Speculation speculation, int maxTokens, boolean ignoreEnd) {
        return new DecodingRequest(
                List.of(3, 1, 2),
                maxTokens,
                sampling,
                TokenLimits.NONE,
                Ending.of(List.of(), ignoreEnd),
                speculation,
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                GRAMMAR,
                Set.of());
    }

    private static DecodingRequest request(
            SamplingParameters sampling, TokenLimits limits, Ending ending, Speculation speculation) {
        return new DecodingRequest(
                List.of(3, 1, 2),
                200,
                sampling,
                limits,
                ending,
                speculation,
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                GRAMMAR,
                Set.of());
    }

    private static DecodingRequest request(Set<Integer> stopTokens, @Nullable TokenGrammar grammar) {
        return new DecodingRequest(
                List.of(3, 1, 2),
                40,
                SamplingParameters.plain(3),
                TokenLimits.NONE,
                new Ending(List.of(), stopTokens, true, 0, false),
                Speculation.chain(DrafterKind.NGRAM, 3),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                grammar,
                Set.of());
    }
}
