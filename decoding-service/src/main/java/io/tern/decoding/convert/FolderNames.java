package io.tern.decoding.convert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of tensors in transformers' checkpoints and in GGUF files, there and back. */
final class FolderNames {
    static final String HEAD = "output.weight";

    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d{1,4})\\.(.+)\\.(weight|bias)");
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,4})\\.(.+)\\.(weight|bias)");
    private static final Map<String, String> WHOLE = Map.of(
            "embed_tokens.weight", "token_embd.weight",
            "norm.weight", "output_norm.weight",
            "lm_head.weight", HEAD);
    /** What a decoder's names begin with: alone, in a model that sees pictures (since and before release 5), and bare. */
    private static final List<String> PREFIXES =
            List.of("model.language_model.", "language_model.model.", "language_model.", "model.");
    /** What belongs to the eyes of such a model, which are left out. */
    private static final Pattern VISION = Pattern.compile("(model\\.)?(vision_tower|multi_modal_projector)\\..*");

    private final Map<String, String> ofLayer = new HashMap<>(Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.qkv_proj", "attn_qkv"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down")));

    /** @param norms whether the norm after the attention is one, or that before the feed-forward network */
    FolderNames(BlockNorms norms) {
        if (norms.after()) {
            ofLayer.put("post_attention_layernorm", "post_attention_norm");
            ofLayer.put("pre_feedforward_layernorm", "ffn_norm");
            ofLayer.put("post_feedforward_layernorm", "post_ffw_norm");
        } else {
            ofLayer.put("post_attention_layernorm", "ffn_norm");
        }
    }

    /** Buffers that old releases stored, a copy of the embedding, and what sees pictures. */
    boolean isIgnored(String name, boolean tied) {
        return name.endsWith(".rotary_emb.inv_freq")
                || VISION.matcher(name).matches()
                || (tied && canonical(name).equals(HEAD));
    }

    /** The name in GGUF files; the same name for a tensor that they do not have. */
    String canonical(String name) {
        String bare = PREFIXES.stream()
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(name);
        Matcher layer = LAYER.matcher(bare);
        @Nullable
        String inLayer = layer.matches() ? ofLayer.get(layer.group(2).replace("gate_up_proj", "up_proj")) : null;
        return inLayer != null
                ? "blk." + Integer.parseInt(layer.group(1)) + "." + inLayer + "." + layer.group(3)
                : WHOLE.getOrDefault(bare, name);
    }

    /** The name in a checkpoint of transformers. */
    String own(String canonical) {
        Matcher block = BLOCK.matcher(canonical);
        if (block.matches()) {
            return "model.layers." + block.group(1) + "." + keyOf(ofLayer, block.group(2)) + "." + block.group(3);
        }
        return canonical.equals(HEAD) ? "lm_head.weight" : "model." + keyOf(WHOLE, canonical);
    }

    private static String keyOf(Map<String, String> names, String value) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(value);
    }
}
