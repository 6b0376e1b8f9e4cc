package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.catalogue.SamplingAdvice;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.sampling.TokenLimits;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.DetokenizeResponse;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.decoding.v1.TokenizeResponse;
import io.tern.text.MarkedText;
import io.tern.text.Tokenizer;
import io.tern.text.call.CallFormat;
import io.tern.text.chat.ChatTemplate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A served model with its way to read and write text.
 *
 * @param template null for a model that does not chat
 * @param sampling used where a request says nothing of temperature and top_p
 * @param grammars what texts of this model may have to be
 */
record TextModel(
        LanguageModel model,
        Tokenizer tokenizer,
        @Nullable ChatTemplate template,
        SamplingAdvice sampling,
        Drafters drafters,
        GrammarCache grammars) {
    TextModel {
        int tokens = tokenizer.vocabularySize();
        int expected = model.info().vocabularySize();
        if (tokens != expected) {
            throw new IllegalArgumentException(
                    "tokenizer: " + tokens + " tokens (expected: " + expected + ", as the model has)");
        }
    }

    TextModel(
            LanguageModel model,
            Tokenizer tokenizer,
            @Nullable ChatTemplate template,
            SamplingAdvice sampling,
            Drafters drafters) {
        this(model, tokenizer, template, sampling, drafters, new GrammarCache(tokenizer, model.info()));
    }

    /** @throws TernException INVALID_ARGUMENT if this model cannot carry it out */
    DecodingRequest resolve(GenerateRequest message) {
        RequiredCall call = RequiredCall.of(message, format());
        List<Integer> prompt =
                new PromptReader(this).read(message, call == null ? MarkedText.untrusted("") : call.opening());
        TokenGrammar grammar = call == null ? grammars.of(message) : call.grammar(grammars);
        TokenLimits limits = new TokenLimits(
                Set.copyOf(message.getAllowedTokenIdsList()), BadWords.tokens(message.getBadWordsList(), tokenizer));
        DecodingRequest request =
                DecodingProtos.request(advised(message), prompt, model.info(), limits, grammar, shown(message));
        request.checkAgainst(model.info());
        drafters.require(request.speculation().drafter());
        return request;
    }

    private CallFormat format() {
        return template == null ? CallFormat.HERMES : template.callFormat();
    }

    /** How it writes calls; empty if it does not chat. */
    String callFormat() {
        return template == null ? "" : format().wireName();
    }

    /** The marks of calls, where they are control tokens: whoever offers tools has to see them. All, where none are left out. */
    private Set<Integer> shown(GenerateRequest message) {
        if (message.hasSkipSpecialTokens() && !message.getSkipSpecialTokens()) {
            return IntStream.range(0, tokenizer.vocabularySize())
                    .filter(tokenizer::isControl)
                    .boxed()
                    .collect(Collectors.toSet());
        }
        return message.getToolsCount() == 0
                ? Set.of()
                : format().marks().stream()
                        .map(tokenizer::encode)
                        .filter(ids -> ids.length == 1 && tokenizer.isControl(ids[0]))
                        .map(ids -> ids[0])
                        .collect(Collectors.toSet());
    }

    private GenerateRequest advised(GenerateRequest message) {
        return message.hasTemperature() || message.hasTopP()
                ? message
                : message.toBuilder()
                        .setTemperature(sampling.temperature())
                        .setTopP(sampling.topP())
                        .build();
    }

    TokenizeResponse tokenize(TokenizeRequest request) {
        int[] ids = new PromptReader(this).read(request);
        TokenizeResponse.Builder response =
                TokenizeResponse.newBuilder().setContextLength(model.info().contextLength());
        for (int id : ids) {
            response.addTokenIds(id).addTokens(DecodingProtos.text(tokenizer, id));
        }
        return response.build();
    }

    DetokenizeResponse detokenize(DetokenizeRequest request) {
        int[] ids = new PromptReader(this).read(request);
        return DetokenizeResponse.newBuilder().setText(tokenizer.decode(ids)).build();
    }
}
