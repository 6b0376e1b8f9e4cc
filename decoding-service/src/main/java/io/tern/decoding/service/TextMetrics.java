package io.tern.decoding.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tern.decoding.DecodingEvent;
import io.tern.decoding.DecodingStats;

/**
 * What texts take and what speculation makes of it, for Prometheus, by model. The names behind {@code tern.decoding.} are
 * vLLM's. Steps are counted as they come, so that a text that is cancelled counts too.
 */
record TextMetrics(MeterRegistry registry) {
    private static final String PREFIX = "tern.decoding.";

    void observe(String model, String drafter, DecodingEvent event) {
        Tags tags = Tags.of("model", model);
        switch (event) {
            case DecodingEvent.Started started ->
                count("prompt.tokens", "Tokens of prompts", started.promptTokens(), tags);
            case DecodingEvent.Step step -> {
                count("generation.tokens", "Tokens of texts", step.tokens().size(), tags);
                if (step.drafted() > 0) {
                    speculation(step, tags.and("drafter", drafter));
                }
            }
            case DecodingEvent.Finished finished -> finished(finished, tags);
        }
    }

    private void speculation(DecodingEvent.Step step, Tags tags) {
        count("spec.decode.num.drafts", "Steps with a draft", 1, tags);
        count("spec.decode.num.draft.tokens", "Drafted tokens", step.drafted(), tags);
        count("spec.decode.num.accepted.tokens", "Drafted tokens that stood", step.accepted(), tags);
        for (int position = 0; position < step.accepted(); position++) {
            count(
                    "spec.decode.num.accepted.tokens.per.pos",
                    "Drafted tokens that stood, by their depth in the draft, from 0",
                    1,
                    tags.and("position", Integer.toString(position)));
        }
    }

    private void finished(DecodingEvent.Finished event, Tags tags) {
        DecodingStats stats = event.stats();
        count(
                "request.success",
                "Finished texts",
                1,
                tags.and("finished_reason", event.reason().wireName()));
        if (stats.completionTokens() > 0) {
            timer("time.to.first.token", "From the request's turn to its first token", tags)
                    .record(stats.firstToken());
        }
        if (stats.completionTokens() > 1) {
            timer("request.time.per.output.token", "Between tokens behind the first, on average of a text", tags)
                    .record(stats.total().minus(stats.firstToken()).dividedBy(stats.completionTokens() - 1));
        }
    }

    private void count(String name, String description, int amount, Tags tags) {
        Counter.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment(amount);
    }

    private Timer timer(String name, String description, Tags tags) {
        return Timer.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .publishPercentileHistogram()
                .register(registry);
    }
}
