package io.tern.decoding;

import io.tern.base.Cancellation;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.LanguageModel;
import io.tern.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one text, put together. */
public final class Recording {
    final List<DecodingEvent> events = new ArrayList<>();

    public static Recording of(LanguageModel model, Tokenizer tokenizer, DecodingRequest request) {
        return of(model, tokenizer, Drafters.lookups().withAuto(model), request);
    }

    public static Recording of(LanguageModel model, Tokenizer tokenizer, Drafters drafters, DecodingRequest request) {
        Recording recording = new Recording();
        new Decoder(model, tokenizer, drafters).decode(request, recording.events::add, Cancellation.none());
        return recording;
    }

    public List<DecodingEvent.Step> steps() {
        return events.stream()
                .filter(DecodingEvent.Step.class::isInstance)
                .map(DecodingEvent.Step.class::cast)
                .toList();
    }

    public List<DecodedToken> tokens() {
        return steps().stream().flatMap(step -> step.tokens().stream()).toList();
    }

    public List<Integer> ids() {
        return tokens().stream().map(DecodedToken::id).toList();
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        steps().forEach(step -> text.append(step.text()));
        return text.append(finished().text()).toString();
    }

    public DecodingEvent.Started started() {
        return (DecodingEvent.Started) events.getFirst();
    }

    public DecodingEvent.Finished finished() {
        return (DecodingEvent.Finished) events.getLast();
    }

    public @Nullable String stop() {
        return finished().stop();
    }
}
