package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.DrawnTokens;
import io.tern.decoding.draft.KeptStates;
import io.tern.decoding.draft.TokenChoice;
import io.tern.decoding.draft.TokenSequence;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.StepOutput;
import io.tern.decoding.sampling.LogprobReader;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenCounts;
import io.tern.decoding.tree.TokenTree;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.Verifier;
import io.tern.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
    private final Beginning beginning;
    private final Consumer<DecodingEvent> events;
    private final Cancellation cancellation;
    private final TokenSequence tokens;
    private final Drafter drafter;
    private final TokenChoice choice;
    private final Verifier verifier;
    private final @Nullable LogprobReader logprobs;
    private final @Nullable LogprobReader promptLogprobs;
    private final OutputText text;
    private final StepCounters counters;
    /** What the last step knows of the tokens that follow, from a branch that did not count. */
    private int[] ahead = {};

    private @Nullable FinishReason reason;
    private @Nullable Integer stopToken;

    SpeculativeLoop(
            LanguageModel model,
            Tokenizer tokenizer,
            DecodingRequest request,
            KvCache cache,
            Beginning beginning,
            Drafter drafter,
            Consumer<DecodingEvent> events,
            Cancellation cancellation,
            long startNanos) {
        int vocabulary = model.info().vocabularySize();
        this.model = model;
        this.request = request;
        this.cache = cache;
        this.beginning = beginning;
        this.events = events;
        this.cancellation = cancellation;
        this.tokens = new TokenSequence(
                request.prompt().stream().mapToInt(Integer::intValue).toArray());
        this.drafter = drafter;
        this.choice = choice(request);
        TokenCounts counts = new TokenCounts(vocabulary, request.constraint(model.info()));
        request.prompt().forEach(counts::addPrompt);
        Speculation speculation = request.speculation();
        this.verifier = new Verifier(
                speculation.acceptance().open(request.sampling(), speculation.typical(), counts, vocabulary),
                speculation.exact(),
                counts::addGenerated);
        this.logprobs = reader(vocabulary, request.logprobs());
        this.promptLogprobs = reader(vocabulary, request.promptScores());
        this.text = new OutputText(tokenizer, request.ending(), request.shownTokens());
        this.counters = new StepCounters(startNanos);
    }

    private static @Nullable LogprobReader reader(int vocabulary, OptionalInt count) {
        return count.isPresent() ? new LogprobReader(vocabulary, count.getAsInt()) : null;
    }

    /** Only rejection sampling can make use of what a drafter draws. */
    private static TokenChoice choice(DecodingRequest request) {
        SamplingParameters sampling = request.sampling();
        return request.speculation().acceptance() == AcceptanceKind.REJECTION && !sampling.isGreedy()
                ? new DrawnTokens(sampling.temperature(), sampling.seed())
                : TokenChoice.LIKELIEST;
    }

    void run() {
        List<DecodedToken> prompt = readPrompt();
        events.accept(new DecodingEvent.Started(request.prompt().size(), prompt));
        beginning.remember(tokens);
        if (request.maxTokens() == 0) {
            reason = FinishReason.LENGTH; // the prompt alone was asked about
        }
        while (reason == null) {
            step();
        }
        if (request.speculation().leavesExactCache()) {
            beginning.remember(tokens);
        }
        events.accept(
                new DecodingEvent.Finished(reason, text.stop(), stopToken, text.finish(), counters.stats(request)));
    }

    /**
     * Runs the prompt but for its last chunk, which the first step runs together with the first draft. A scored prompt is
     * run up to its last token, since the logits of each token judge the next one.
     */
    private List<DecodedToken> readPrompt() {
        boolean scored = promptLogprobs != null;
        int length = tokens.length();
        int end = scored ? length - 1 : (length - 1) / CHUNK * CHUNK;
        List<DecodedToken> echoed = new ArrayList<>();
        if (request.showsPrompt()) {
            echoed.add(new DecodedToken(tokens.get(0), false, null));
        }
        counters.cached(scored ? 0 : beginning.recall(tokens));
        while (cache.length() < end) {
            int from = cache.length();
            int count = Math.min(CHUNK, end - from);
            StepOutput output = forward(TokenTree.chain(tokens.slice(from, from + count)), scored ? count : 0);
            for (int i = 0; scored && i < count; i++) {
                echoed.add(decoded(tokens.get(from + i + 1), false, promptLogprobs, output.logits(), i));
            }
            keep(output, IntStream.range(0, count).toArray());
        }
        for (int i = 1; request.showsPrompt() && !scored && i < length; i++) {
            echoed.add(new DecodedToken(tokens.get(i), false, null));
        }
        return echoed;
    }

    private void step() {
        Draft draft = draft();
        int[] waiting = tokens.slice(cache.length(), tokens.length());
        StepOutput output = forward(draft.tree().behind(waiting), draft.size() + 1);
        Verdict verdict = verifier.verify(draft, output.logits(), counters.tokens());
        drafter.observe(verdict);
        ahead = verdict.ahead();
        StringBuilder certain = new StringBuilder();
        List<DecodedToken> settled = new ArrayList<>();
        for (int i = 0; i < verdict.length() && reason == null; i++) {
            boolean drafted = i < verdict.accepted();
            settled.add(decoded(verdict.token(i), drafted, logprobs, output.logits(), verdict.nodeBefore(i) + 1));
            certain.append(settle(verdict.token(i)));
        }
        keep(output, kept(waiting.length, verdict));
        int accepted = Math.min(verdict.accepted(), settled.size());
        counters.step(draft, accepted);
        events.accept(new DecodingEvent.Step(settled, certain.toString(), DraftedToken.of(verdict), accepted));
    }

    /** No deeper than what can still be settled, and no larger than the cache: a step settles one token beyond its draft. */
    private Draft draft() {
        Speculation speculation = request.speculation();
        int nodes = Math.min(speculation.maxDraft(), cache.capacity() - tokens.length());
        int depth = Math.min(nodes, request.maxTokens() - counters.tokens() - 1);
        if (depth < 1) {
            return Draft.NONE;
        }
        return ahead.length > 0
                ? Draft.of(Arrays.copyOf(ahead, Math.min(depth, ahead.length)))
                : drafter.draft(new DraftContext(
                        tokens, depth, speculation.tree() ? nodes : depth, speculation.tree(), choice));
    }

    private StepOutput forward(TokenTree run, int rows) {
        cancellation.throwIfCancelled();
        return model.forward(cache, run, rows, cancellation);
    }

    /** Nodes of the forward that stand: the tokens that waited, and the accepted ones. */
    private static int[] kept(int waiting, Verdict verdict) {
        int[] kept = new int[waiting + verdict.accepted()];
        Arrays.setAll(kept, i -> i < waiting ? i : waiting + verdict.node(i - waiting));
        return kept;
    }

    private void keep(StepOutput output, int[] nodes) {
        if (output.hidden().rows() > 0) { // a model that has none to give
            drafter.settled(cache.length(), new KeptStates(output.hidden(), nodes));
        }
        cache.keep(nodes);
    }

    /** Takes a token into the output; returns the text that it makes certain. */
    private String settle(int token) {
        tokens.add(token);
        counters.token();
        Ending ending = request.ending();
        boolean ownEnd = ending.isOwnEnd(model.info(), token);
        boolean ends = ownEnd || ending.tokens().contains(token);
        if (ends) {
            reason = FinishReason.STOP;
            stopToken = ownEnd ? null : (Integer) token;
        }
        if (ends && !ending.shown()) {
            return "";
        }
        String certain = text.append(token, counters.tokens() > ending.minTokens());
        if (text.stop() != null) {
            reason = FinishReason.STOP;
            stopToken = null; // the string was complete within its text
        } else if (reason == null && counters.tokens() == request.maxTokens()) {
            reason = FinishReason.LENGTH;
        }
        return certain;
    }

    private static DecodedToken decoded(
            int token, boolean drafted, @Nullable LogprobReader logprobs, Logits logits, int row) {
        return new DecodedToken(token, drafted, logprobs == null ? null : logprobs.read(logits, row, token));
    }
}
