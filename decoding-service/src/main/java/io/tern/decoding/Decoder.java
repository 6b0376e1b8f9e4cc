package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.text.Tokenizer;
import java.util.function.Consumer;

/** Writes texts with one model. Safe for use by many threads; each text is written on its caller's thread. */
public final class Decoder {
    private final LanguageModel model;
    private final Tokenizer tokenizer;

    public Decoder(LanguageModel model, Tokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * Returns when the text is finished.
     *
     * @param events told on this thread, in order; it may throw to end the text
     * @throws TernException INVALID_ARGUMENT before any event; OVERLOADED if there is no memory for another text;
     *     CANCELLED or DEADLINE_EXCEEDED within one forward
     */
    public void decode(DecodingRequest request, Consumer<DecodingEvent> events, Cancellation cancellation) {
        request.checkAgainst(model.info());
        long startNanos = System.nanoTime();
        cancellation.throwIfCancelled();
        // The last token is chosen but never run, so it needs no room.
        try (KvCache cache = model.newCache(request.prompt().size() + request.maxTokens() - 1)) {
            new SpeculativeLoop(model, tokenizer, request, cache, events, cancellation, startNanos).run();
        }
    }
}
