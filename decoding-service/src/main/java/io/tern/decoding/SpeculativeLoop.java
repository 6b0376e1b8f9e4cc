package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.TokenSequence;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.sampling.LogprobReader;
import io.tern.decoding.sampling.Sampler;
import io.tern.decoding.sampling.TokenCounts;
import io.tern.decoding.verify.Acceptance;
import io.tern.decoding.verify.CoupledAcceptance;
import io.tern.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one text: reads the prompt, then drafts, runs the target over the draft, and keeps what stands. The cache holds
 * all settled tokens but the last ones, which run with the next draft; so each step settles at least one token more. Used
 * once, by one thread.
 */
final class SpeculativeLoop {
    /** Tokens of the prompt run at once: long enough to be fast, short enough to be cancelled and to let others run. */
    private static final int CHUNK = 128;

    private final LanguageModel model;
    private final DecodingRequest request;
    private final KvCache cache;
    private final Consumer<DecodingEvent> events;
    private final Cancellation cancellation;
    private final TokenSequence tokens;
    private final Drafter drafter;
    private final Acceptance acceptance;
    private final @Nullable LogprobReader logprobs;
    private final OutputText text;
    private final StepCounters counters;
    private @Nullable FinishReason reason;

    SpeculativeLoop(
            LanguageModel model,
            Tokenizer tokenizer,
            DecodingRequest request,
            KvCache cache,
            Consumer<DecodingEvent> events,
            Cancellation cancellation,
            long startNanos) {
        int vocabulary = model.info().vocabularySize();
        this.model = model;
        this.request = request;
        this.cache = cache;
        this.events = events;
        this.cancellation = cancellation;
        this.tokens = new TokenSequence(
                request.prompt().stream().mapToInt(Integer::intValue).toArray());
        this.drafter = request.drafter().open();
        TokenCounts counts = new TokenCounts(vocabulary);
        request.prompt().forEach(counts::addPrompt);
        this.acceptance =
                new CoupledAcceptance(Sampler.of(request.sampling(), counts, vocabulary), counts::addGenerated);
        this.logprobs = request.logprobs().isPresent()
                ? new LogprobReader(vocabulary, request.logprobs().getAsInt())
                : null;
        this.text = new OutputText(tokenizer, request.stop());
        this.counters = new StepCounters(startNanos);
    }

    void run() {
        List<DecodedToken> prompt = readPrompt();
        events.accept(new DecodingEvent.Started(request.prompt().size(), prompt));
        while (reason == null) {
            step();
        }
        events.accept(new DecodingEvent.Finished(reason, text.stop(), text.finish(), counters.stats(request)));
    }

    /**
     * Runs the prompt but for its last chunk, which the first step runs together with the first draft. A scored prompt is
     * run up to its last token, since the logits of each token judge the next one.
     */
    private List<DecodedToken> readPrompt() {
        boolean scored = request.echo() && logprobs != null;
        int length = tokens.length();
        int end = scored ? length - 1 : (length - 1) / CHUNK * CHUNK;
        List<DecodedToken> echoed = new ArrayList<>();
        if (request.echo()) {
            echoed.add(new DecodedToken(tokens.get(0), false, null));
        }
        for (int from = 0; from < end; from += CHUNK) {
            int count = Math.min(CHUNK, end - from);
            Logits logits = forward(tokens.slice(from, from + count), scored ? count : 0);
            for (int i = 0; scored && i < count; i++) {
                echoed.add(decoded(tokens.get(from + i + 1), false, logits, i));
            }
            cache.commit(count);
        }
        for (int i = 1; request.echo() && !scored && i < length; i++) {
            echoed.add(new DecodedToken(tokens.get(i), false, null));
        }
        return echoed;
    }

    private void step() {
        Draft draft = draft();
        int waiting = tokens.length() - cache.length();
        Logits logits = forward(joined(tokens.slice(cache.length(), tokens.length()), draft), draft.length() + 1);
        Verdict verdict = acceptance.verify(draft, logits, counters.tokens());
        drafter.observe(verdict);
        StringBuilder certain = new StringBuilder();
        List<DecodedToken> settled = new ArrayList<>();
        for (int i = 0; i < verdict.length() && reason == null; i++) {
            boolean drafted = i < verdict.accepted();
            settled.add(decoded(verdict.token(i), drafted, logits, i));
            certain.append(settle(verdict.token(i)));
        }
        cache.commit(waiting + verdict.accepted());
        int accepted = Math.min(verdict.accepted(), settled.size());
        counters.step(draft.length(), accepted);
        events.accept(new DecodingEvent.Step(settled, certain.toString(), draft.length(), accepted));
    }

    /** No longer than what can still be settled: a step settles one token more than it accepts. */
    private Draft draft() {
        int most = Math.min(request.maxDraft(), request.maxTokens() - counters.tokens() - 1);
        return most < 1 ? Draft.NONE : drafter.draft(new DraftContext(tokens, most));
    }

    private Logits forward(int[] run, int rows) {
        cancellation.throwIfCancelled();
        return model.forward(cache, run, rows, cancellation);
    }

    /** Takes a token into the output; returns the text that it makes certain. */
    private String settle(int token) {
        tokens.add(token);
        counters.token();
        if (model.info().isEnd(token) && !request.ignoreEnd()) {
            reason = FinishReason.STOP;
            return "";
        }
        String certain = text.append(token);
        if (text.stop() != null) {
            reason = FinishReason.STOP;
        } else if (counters.tokens() == request.maxTokens()) {
            reason = FinishReason.LENGTH;
        }
        return certain;
    }

    private DecodedToken decoded(int token, boolean drafted, Logits logits, int row) {
        return new DecodedToken(token, drafted, logprobs == null ? null : logprobs.read(logits, row, token));
    }

    private static int[] joined(int[] settled, Draft draft) {
        int[] run = Arrays.copyOf(settled, settled.length + draft.length());
        System.arraycopy(draft.toArray(), 0, run, settled.length, draft.length());
        return run;
    }
}
