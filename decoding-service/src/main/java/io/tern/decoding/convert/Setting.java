package io.tern.decoding.convert;

/** What every format says of a decoder, and what it calls it: in a GGUF file behind the architecture's name. */
enum Setting {
    LAYERS("block_count", "num_hidden_layers"),
    WIDTH("embedding_length", "hidden_size"),
    FEED_FORWARD("feed_forward_length", "intermediate_size"),
    HEADS("attention.head_count", "num_attention_heads"),
    KEY_VALUE_HEADS("attention.head_count_kv", "num_key_value_heads"),
    HEAD_SIZE("attention.key_length", "head_dim"),
    VALUE_SIZE("attention.value_length", "v_head_dim"),
    CONTEXT("context_length", "max_position_embeddings"),
    RMS_EPSILON("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
    /** Tokens that a token of a windowed layer sees, itself among them. */
    WINDOW("attention.sliding_window", "sliding_window"),
    /** Each so many-th layer sees everything. */
    WINDOW_PATTERN("attention.sliding_window_pattern", "sliding_window_pattern"),
    /** Queries times keys are divided by its root; the head's size where a checkpoint is silent. */
    QUERY_SCALAR("attention.query_scalar", "query_pre_attn_scalar"),
    /** Windows begin with this layer. */
    WHOLE_LAYERS("attention.whole_layers", "max_window_layers"),
    /** Queries times keys are multiplied with it. */
    ATTENTION_SCALE("attention.scale", "attention_multiplier"),
    /** Bound that the attention's scores are bent to. */
    SCORE_CAP("attn_logit_softcapping", "attn_logit_softcapping"),
    /** What goes into the first layer is multiplied with it. */
    EMBEDDING_SCALE("embedding_scale", "embedding_multiplier"),
    /** What each half of a layer adds is multiplied with it. */
    RESIDUAL_SCALE("residual_scale", "residual_multiplier"),
    /** Logits are divided by it. */
    LOGIT_DIVISOR("logit_scale", "logits_scaling"),
    /** Bound that logits are bent to. */
    LOGIT_CAP("final_logit_softcapping", "final_logit_softcapping");

    private final String gguf;
    private final String config;

    Setting(String gguf, String config) {
        this.gguf = gguf;
        this.config = config;
    }

    /** Behind {@code llama.} or whatever the architecture is. */
    String ggufKey() {
        return gguf;
    }

    /** In a config.json. */
    String configKey() {
        return config;
    }
}
