package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tern.decoding.DecodedToken;
import io.tern.decoding.DecodingEvent;
import io.tern.decoding.DecodingStats;
import io.tern.decoding.DraftedToken;
import io.tern.decoding.FinishReason;
import io.tern.decoding.draft.DrafterKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TextMetrics metrics = new TextMetrics(registry);

    @Test
    void countsWhatEachStepDraftedAndKept() {
        metrics.observe("m", "mtp", new DecodingEvent.Started(7, List.of()));
        metrics.observe("m", "mtp", step(3, 2));
        metrics.observe("m", "mtp", step(2, 1));
        metrics.observe("m", "mtp", step(0, 0));
        assertThat(lines())
                .contains(
                        "tern_decoding_prompt_tokens_total{model=\"m\"} 7.0",
                        "tern_decoding_generation_tokens_total{model=\"m\"} 6.0",
                        "tern_decoding_spec_decode_num_drafts_total{drafter=\"mtp\",model=\"m\"} 2.0",
                        "tern_decoding_spec_decode_num_draft_tokens_total{drafter=\"mtp\",model=\"m\"} 5.0",
                        "tern_decoding_spec_decode_num_accepted_tokens_total{drafter=\"mtp\",model=\"m\"} 3.0",
                        "tern_decoding_spec_decode_num_accepted_tokens_per_pos_total"
                                + "{drafter=\"mtp\",model=\"m\",position=\"0\"} 2.0",
                        "tern_decoding_spec_decode_num_accepted_tokens_per_pos_total"
                                + "{drafter=\"mtp\",model=\"m\",position=\"1\"} 1.0");
    }

    @Test
    void timesTheFirstTokenAndThoseBehindIt() {
        DecodingStats stats = new DecodingStats(
                DrafterKind.MTP, 7, 0, 5, 3, 5, 3, List.of(), Duration.ofSeconds(1), Duration.ofSeconds(3));
        metrics.observe("m", "mtp", new DecodingEvent.Finished(FinishReason.STOP, null, null, "", stats));
        assertThat(lines())
                .contains(
                        "tern_decoding_request_success_total{finished_reason=\"stop\",model=\"m\"} 1.0",
                        "tern_decoding_time_to_first_token_seconds_sum{model=\"m\"} 1.0",
                        "tern_decoding_request_time_per_output_token_seconds_sum{model=\"m\"} 0.5");
    }

    private static DecodingEvent.Step step(int drafted, int accepted) {
        List<DecodedToken> tokens = Stream.generate(() -> new DecodedToken(1, false, null))
                .limit(accepted + 1)
                .toList();
        List<DraftedToken> draft = Stream.generate(() -> new DraftedToken(1, -1, false))
                .limit(drafted)
                .toList();
        return new DecodingEvent.Step(tokens, "", draft, accepted);
    }

    private List<String> lines() {
        return registry.scrape().lines().toList();
    }
}
