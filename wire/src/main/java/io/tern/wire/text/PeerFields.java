package io.tern.wire.text;

import io.tern.wire.Fields;
import java.util.List;
import java.util.Map;

/**
 * What clients of vLLM and llama.cpp send beside OpenAI's fields. The values that ask for what is done anyway pass, so that
 * a client which sends its defaults is served; any other is refused as not built. Fields that a request has not are not
 * told among those that are known.
 */
final class PeerFields {
    /** By name: what changes nothing. A number is told with and without its point. */
    private static final Map<String, List<Object>> NEUTRAL = Map.ofEntries(
            Map.entry("use_beam_search", List.of(false)),
            Map.entry("length_penalty", List.of(1.0, 1)),
            Map.entry("early_stopping", List.of(false)),
            Map.entry("priority", List.of(0)),
            Map.entry("include_reasoning", List.of(true)),
            Map.entry("typical_p", List.of(1.0, 1)),
            Map.entry("repeat_penalty", List.of(1.0, 1)),
            Map.entry("mirostat", List.of(0)),
            Map.entry("dynatemp_range", List.of(0.0, 0)),
            Map.entry("dry_multiplier", List.of(0.0, 0)),
            Map.entry("xtc_probability", List.of(0.0, 0)),
            Map.entry("n_probs", List.of(0)));

    /** Only with nothing in them. */
    private static final List<String> NOT_BUILT = List.of(
            "chat_template",
            "logits_processors",
            "mm_processor_kwargs",
            "kv_transfer_params",
            "vllm_xargs",
            "logprob_token_ids",
            "cache_salt",
            "guided_grammar",
            "guided_whitespace_pattern",
            "grammar",
            "regex",
            "ebnf");

    /** How a text is computed, not which: tokens are put together without spaces anyhow, and results do not depend on the cache. */
    private static final List<String> WITHOUT_EFFECT =
            List.of("spaces_between_special_tokens", "guided_decoding_backend", "cache_prompt");

    private PeerFields() {}

    static void read(Fields fields) {
        NEUTRAL.forEach((name, values) -> {
            if (fields.has(name)) {
                fields.onlyNeutral(name, values.toArray());
            }
        });
        NOT_BUILT.stream().filter(fields::has).forEach(fields::refuse);
        WITHOUT_EFFECT.stream().filter(fields::has).forEach(fields::accept);
    }
}
