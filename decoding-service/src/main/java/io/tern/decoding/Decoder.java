package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.base.Work;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.text.Tokenizer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes texts with one model. Safe for use by many threads; each text is written on its caller's thread. */
public final class Decoder {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final Drafters drafters;
    private final @Nullable String tenant;

    public Decoder(LanguageModel model, Tokenizer tokenizer, Drafters drafters) {
        this(model, tokenizer, drafters, null);
    }

    /** @param tenant whose texts share their beginnings; null: nobody's */
    public Decoder(LanguageModel model, Tokenizer tokenizer, Drafters drafters, @Nullable String tenant) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.drafters = drafters;
        this.tenant = tenant;
    }

    /**
     * Returns when the text is finished.
     *
     * @param events told on this thread, in order; it may throw to end the text
     * @throws TernException INVALID_ARGUMENT before any event; OVERLOADED if there is no memory for a draft model's cache;
     *     CANCELLED or DEADLINE_EXCEEDED within one forward
     */
    public void decode(DecodingRequest request, Consumer<DecodingEvent> events, Cancellation cancellation) {
        decode(request, Work.CALL, events, cancellation);
    }

    /** @param work whose turn it has, for memory and for its forwards */
    public void decode(DecodingRequest request, Work work, Consumer<DecodingEvent> events, Cancellation cancellation) {
        request.checkAgainst(model.info());
        long startNanos = System.nanoTime();
        cancellation.throwIfCancelled();
        drafters.require(request.speculation().drafter());
        int capacity = capacity(request);
        try (KvCache cache = model.newCache(capacity, work, cancellation);
                Drafter drafter = drafters.open(
                        request.speculation().drafter(), new Drafters.Text(capacity, tenant, cancellation))) {
            Beginning beginning = new Beginning(model, cache, tenant);
            new SpeculativeLoop(model, tokenizer, request, cache, beginning, drafter, events, cancellation, startNanos)
                    .run();
        }
    }

    /** The last token is chosen but never run, so it needs no room; branches that lose do, for a step. */
    private int capacity(DecodingRequest request) {
        int text = request.prompt().size() + Math.max(1, request.maxTokens()) - 1;
        return Math.min(
                text + request.speculation().branchTokens(), model.info().contextLength());
    }
}
