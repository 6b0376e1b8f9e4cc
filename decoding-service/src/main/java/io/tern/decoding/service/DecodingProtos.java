package io.tern.decoding.service;

import com.google.protobuf.ByteString;
import io.tern.base.Seeds;
import io.tern.base.TernException;
import io.tern.decoding.DecodedToken;
import io.tern.decoding.DecodingEvent;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.DecodingStats;
import io.tern.decoding.DraftedToken;
import io.tern.decoding.Ending;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.sampling.Logprobs;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenLimits;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import io.tern.decoding.v1.TokenLogprob;
import io.tern.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Between the messages and the engine's own types; absent fields get their defaults here.
 *
 * @param model id of the model that answers
 * @param callFormat how it writes calls; empty if it does not chat
 */
record DecodingProtos(String model, Tokenizer tokenizer, String callFormat) {
    static final int DEFAULT_MAX_TOKENS = 1024;
    private static final double NANOS = 1e9;

    /** @throws TernException INVALID_ARGUMENT */
    static DecodingRequest request(
            GenerateRequest message,
            List<Integer> prompt,
            ModelInfo model,
            TokenLimits limits,
            @Nullable TokenGrammar grammar,
            Set<Integer> shownTokens) {
        int most = Math.max(DEFAULT_MAX_TOKENS, message.getMinTokens());
        return new DecodingRequest(
                prompt,
                message.hasMaxTokens() ? message.getMaxTokens() : Math.min(most, model.contextLength() - prompt.size()),
                sampling(message),
                limits,
                new Ending(
                        message.getStopList(),
                        Set.copyOf(message.getStopTokenIdsList()),
                        message.getIgnoreEos(),
                        message.getMinTokens(),
                        message.getIncludeStopStrInOutput()),
                SpeculationProtos.speculation(message.getSpeculation()),
                message.hasLogprobs() ? OptionalInt.of(message.getLogprobs()) : OptionalInt.empty(),
                message.hasPromptLogprobs() ? OptionalInt.of(message.getPromptLogprobs()) : OptionalInt.empty(),
                message.getEcho(),
                grammar,
                shownTokens);
    }

    private static SamplingParameters sampling(GenerateRequest message) {
        return new SamplingParameters(
                message.hasTemperature() ? message.getTemperature() : 1,
                message.hasTopP() ? message.getTopP() : 1,
                message.getTopK(),
                message.getMinP(),
                message.hasRepetitionPenalty() ? message.getRepetitionPenalty() : 1,
                message.getPresencePenalty(),
                message.getFrequencyPenalty(),
                message.getLogitBiasMap(),
                message.hasSeed() ? message.getSeed() : Seeds.draw());
    }

    GenerateResponse response(DecodingEvent event) {
        GenerateResponse.Builder response = GenerateResponse.newBuilder();
        return switch (event) {
            case DecodingEvent.Started started ->
                response.setStarted(started(started)).build();
            case DecodingEvent.Step step -> response.setStep(step(step)).build();
            case DecodingEvent.Finished finished ->
                response.setFinished(finished(finished)).build();
        };
    }

    /** A token's own text; bytes that are no whole character appear as U+FFFD. */
    static String text(Tokenizer tokenizer, int id) {
        return new String(tokenizer.bytes(id), StandardCharsets.UTF_8);
    }

    /** A token's bytes, where they are no text by themselves. */
    private ByteString raw(int id) {
        ByteString bytes = ByteString.copyFrom(tokenizer.bytes(id));
        return bytes.isValidUtf8() ? ByteString.EMPTY : bytes;
    }

    private Started started(DecodingEvent.Started event) {
        return Started.newBuilder()
                .setModel(model)
                .setCallFormat(callFormat)
                .setPromptTokens(event.promptTokens())
                .addAllPrompt(event.prompt().stream().map(this::token).toList())
                .build();
    }

    private Step step(DecodingEvent.Step event) {
        return Step.newBuilder()
                .addAllTokens(event.tokens().stream().map(this::token).toList())
                .setText(event.text())
                .setDrafted(event.drafted())
                .setAccepted(event.accepted())
                .addAllDraft(event.draft().stream().map(this::drafted).toList())
                .build();
    }

    private io.tern.decoding.v1.DraftedToken drafted(DraftedToken token) {
        return io.tern.decoding.v1.DraftedToken.newBuilder()
                .setId(token.id())
                .setText(text(tokenizer, token.id()))
                .setParent(token.parent())
                .setAccepted(token.accepted())
                .build();
    }

    private Token token(DecodedToken token) {
        Token.Builder message = Token.newBuilder()
                .setId(token.id())
                .setText(text(tokenizer, token.id()))
                .setRaw(raw(token.id()))
                .setDrafted(token.drafted());
        Logprobs logprobs = token.logprobs();
        if (logprobs != null) {
            message.setLogprob(logprobs.logprob()).setRank(logprobs.rank());
            logprobs.top()
                    .forEach(top -> message.addTop(TokenLogprob.newBuilder()
                            .setId(top.token())
                            .setText(text(tokenizer, top.token()))
                            .setRaw(raw(top.token()))
                            .setLogprob(top.logprob())));
        }
        return message.build();
    }

    private static Finished finished(DecodingEvent.Finished event) {
        DecodingStats stats = event.stats();
        String stop = event.stop();
        Finished.Builder message = Finished.newBuilder();
        if (event.stopToken() != null) {
            message.setStopTokenId(event.stopToken());
        }
        return message.setFinishReason(event.reason().wireName())
                .setStop(stop == null ? "" : stop)
                .setPromptTokens(stats.promptTokens())
                .setCachedTokens(stats.cachedTokens())
                .setCompletionTokens(stats.completionTokens())
                .setSpeculation(SpeculationProtos.metrics(stats))
                .setFirstTokenSeconds(seconds(stats.firstToken()))
                .setTotalSeconds(seconds(stats.total()))
                .setText(event.text())
                .build();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
