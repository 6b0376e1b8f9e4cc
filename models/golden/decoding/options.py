"""Writes options.json: small decoders with the options that checkpoints come with, and the logits that transformers computes.

pip install transformers==5.24.0 torch numpy; python models/golden/decoding/options.py [FOLDER]
Weights are not stored: every tensor follows from its name, and all numbers are exact in bfloat16 and float16, so that
who reads the file makes the same checkpoint. With FOLDER the checkpoints themselves are written there too, with
reference.npz, to be loaded by a running server.
"""

import json
import pathlib
import sys
import zlib

import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import (Gemma2Config, Gemma2ForCausalLM, Gemma3ForCausalLM, Gemma3TextConfig, GraniteConfig,
                          GraniteForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Olmo2Config,
                          Olmo2ForCausalLM, Phi3Config, Phi3ForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config,
                          Qwen3ForCausalLM, SmolLM3Config, SmolLM3ForCausalLM)

HERE = pathlib.Path(__file__).parent
VOCABULARY, LENGTH, GREEDY, ROWS = 64, 40, 12, [0, 5, 17, 39]
SMALL = dict(vocab_size=VOCABULARY, hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=256, bos_token_id=1, eos_token_id=2, pad_token_id=0, tie_word_embeddings=False)
YARN = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=64)
LLAMA3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)
LINEAR = dict(rope_type="linear", rope_theta=20000.0, factor=4.0)

LLAMA, MISTRAL = (LlamaConfig, LlamaForCausalLM), (MistralConfig, MistralForCausalLM)
QWEN2, QWEN3, GEMMA = (Qwen2Config, Qwen2ForCausalLM), (Qwen3Config, Qwen3ForCausalLM), (Gemma3TextConfig, Gemma3ForCausalLM)
SMOLLM3, PHI3, GRANITE = (SmolLM3Config, SmolLM3ForCausalLM), (Phi3Config, Phi3ForCausalLM), (GraniteConfig, GraniteForCausalLM)
OLMO2, GEMMA2 = (Olmo2Config, Olmo2ForCausalLM), (Gemma2Config, Gemma2ForCausalLM)
LONGROPE = dict(rope_type="longrope", rope_theta=10000.0, short_factor=[1.0, 1.25, 1.5], long_factor=[2.0, 4.0, 8.0])
GEMMA_ROPE = dict(full_attention=dict(rope_type="linear", rope_theta=1e6, factor=8.0), sliding_attention=dict(rope_type="default", rope_theta=10000.0))

# name: classes, options, type of the stored numbers, changes to config.json that mean the same
CASES = {
    "llama-linear-biases-wide-heads": (LLAMA, dict(rope_parameters=LINEAR, attention_bias=True, mlp_bias=True, head_dim=16), "F32", {}),
    "llama-linear-old-config": (LLAMA, dict(rope_parameters=LINEAR), "F16", dict(rope_parameters=None, rope_theta=20000.0, rope_scaling=dict(type="linear", factor=4.0))),
    "llama-yarn": (LLAMA, dict(rope_parameters=YARN, head_dim=32), "BF16", {}),
    "llama-yarn-old-config": (LLAMA, dict(rope_parameters=YARN, head_dim=32), "F32", dict(rope_parameters=None, rope_theta=10000.0, rope_scaling=dict(type="yarn", factor=4.0, original_max_position_embeddings=64))),
    "llama-yarn-scales": (LLAMA, dict(rope_parameters=dict(YARN, beta_fast=16.0, beta_slow=2.0, mscale=1.0, mscale_all_dim=0.5, truncate=False), head_dim=32), "F32", {}),
    "llama-yarn-attention-factor": (LLAMA, dict(rope_parameters=dict(YARN, attention_factor=0.75), head_dim=24), "F32", {}),
    "llama-llama3-old-config": (LLAMA, dict(rope_parameters=LLAMA3, tie_word_embeddings=True), "BF16", dict(rope_parameters=None, rope_theta=500000.0, rope_scaling={k: v for k, v in LLAMA3.items() if k != "rope_theta"})),
    "llama-dynamic": (LLAMA, dict(rope_parameters=dict(rope_type="dynamic", rope_theta=10000.0, factor=2.0)), "F32", {}),
    "llama-one-key-gelu": (LLAMA, dict(num_key_value_heads=1, hidden_act="gelu"), "F32", {}),
    "llama-own-keys-relu": (LLAMA, dict(num_key_value_heads=4, hidden_act="relu", tie_word_embeddings=True), "F16", dict(num_key_value_heads=None)),
    "llama-bare-names": (LLAMA, dict(tie_word_embeddings=True), "F32", "bare"),
    "mistral-window-wide-heads": (MISTRAL, dict(sliding_window=5, head_dim=24, num_key_value_heads=1), "BF16", {}),
    "mistral-no-window": (MISTRAL, dict(sliding_window=None, tie_word_embeddings=True, rope_parameters=YARN), "F32", {}),
    "qwen2-windows-yarn": (QWEN2, dict(use_sliding_window=True, sliding_window=6, max_window_layers=1, rope_parameters=YARN), "BF16", {}),
    "qwen2-windows-old-config": (QWEN2, dict(use_sliding_window=True, sliding_window=6, max_window_layers=1), "F32", dict(layer_types=None, rope_parameters=None, rope_theta=10000.0)),
    "qwen3-biases-windows": (QWEN3, dict(attention_bias=True, head_dim=16, use_sliding_window=True, sliding_window=4, max_window_layers=0), "F32", {}),
    "qwen3-linear-tied": (QWEN3, dict(rope_parameters=LINEAR, head_dim=20, tie_word_embeddings=True), "BF16", {}),
    "gemma3-caps": (GEMMA, dict(head_dim=16, num_hidden_layers=3, sliding_window=7, layer_types=["sliding_attention", "full_attention", "sliding_attention"], attn_logit_softcapping=2.0, final_logit_softcapping=1.5, query_pre_attn_scalar=4, rope_parameters=GEMMA_ROPE), "F32", {}),
    "gemma3-final-cap-tied": (GEMMA, dict(head_dim=16, num_hidden_layers=3, sliding_window=7, tie_word_embeddings=True, final_logit_softcapping=3.0, query_pre_attn_scalar=8, attention_bias=True), "BF16", {}),
    "gemma3-old-config": (GEMMA, dict(head_dim=8, num_hidden_layers=3, sliding_window=5, layer_types=["sliding_attention", "sliding_attention", "full_attention"], tie_word_embeddings=True, query_pre_attn_scalar=8, rope_parameters=GEMMA_ROPE), "F32",
                          dict(layer_types=None, rope_parameters=None, rope_theta=1e6, rope_local_base_freq=10000.0, rope_scaling=dict(rope_type="linear", factor=8.0), sliding_window_pattern=3, tie_word_embeddings=None)),
    "llama-longrope": (LLAMA, dict(rope_parameters=dict(LONGROPE, original_max_position_embeddings=64, attention_factor=1.25), head_dim=6), "F32", {}),
    "llama-silent-quick-gelu": (LLAMA, dict(hidden_act="quick_gelu"), "F32", dict(rms_norm_eps=None)),
    "qwen2-silent-windows": (QWEN2, dict(use_sliding_window=True, sliding_window=6), "F32", dict(layer_types=None, max_window_layers=None)),
    "gemma3-silent-scale": (GEMMA, dict(head_dim=8, num_hidden_layers=3, sliding_window=7), "F32", dict(query_pre_attn_scalar=None)),
    "smollm3": (SMOLLM3, dict(num_hidden_layers=4, tie_word_embeddings=True), "BF16", {}),
    "smollm3-silent": (SMOLLM3, dict(num_hidden_layers=4, no_rope_layer_interval=2, rope_parameters=dict(rope_type="default", rope_theta=2e6)), "F32",
                       dict(layer_types=None, no_rope_layers=None, rope_parameters=None, max_window_layers=1)),
    "smollm3-windows-biases": (SMOLLM3, dict(num_hidden_layers=3, use_sliding_window=True, sliding_window=5, no_rope_layers=[0, 1, 0], attention_bias=True, mlp_bias=True), "F32", dict(layer_types=None)),
    "phi3-window": (PHI3, dict(sliding_window=6), "BF16", {}),
    "phi3-longrope-partial": (PHI3, dict(original_max_position_embeddings=64, rope_parameters=dict(LONGROPE, partial_rotary_factor=0.75), tie_word_embeddings=True), "F32", {}),
    "phi3-longrope-old-config": (PHI3, dict(original_max_position_embeddings=64, num_attention_heads=2, rope_parameters=dict(LONGROPE, partial_rotary_factor=0.375)), "F32",
                                 dict(rope_parameters=None, rope_theta=10000.0, partial_rotary_factor=0.375, rope_scaling=dict(type="su", short_factor=[1.0, 1.25, 1.5], long_factor=[2.0, 4.0, 8.0]))),
    "granite": (GRANITE, dict(embedding_multiplier=6.0, attention_multiplier=0.25, residual_multiplier=0.375, logits_scaling=4.0, tie_word_embeddings=True), "BF16", {}),
    "granite-silent": (GRANITE, dict(attention_bias=True), "F32", dict(embedding_multiplier=None, attention_multiplier=None, residual_multiplier=None, logits_scaling=None)),
    "olmo2": (OLMO2, dict(), "BF16", {}),
    "olmo2-one-key-yarn": (OLMO2, dict(num_key_value_heads=1, tie_word_embeddings=True, attention_bias=True, rope_parameters=YARN), "F32", dict(rms_norm_eps=None)),
    "gemma2": (GEMMA2, dict(head_dim=16, num_hidden_layers=3, sliding_window=7, tie_word_embeddings=True, query_pre_attn_scalar=16, attn_logit_softcapping=1.5, final_logit_softcapping=3.0), "BF16", {}),
    "gemma2-silent": (GEMMA2, dict(head_dim=8, num_hidden_layers=3, sliding_window=5, attn_logit_softcapping=50.0, final_logit_softcapping=30.0), "F32",
                      dict(layer_types=None, query_pre_attn_scalar=None, attn_logit_softcapping=None, final_logit_softcapping=None, hidden_activation=None)),
    "gemma2-no-caps": (GEMMA2, dict(head_dim=24, num_hidden_layers=2, sliding_window=5, query_pre_attn_scalar=24, attn_logit_softcapping=None, final_logit_softcapping=None), "F32", {}),
}


def values(name, shape, norm, about_zero):
    """A number for each place: from the upper byte of a mixed counter, in 256 steps; in 16 for norms, about 1 or 0."""
    with np.errstate(over="ignore"):
        x = np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(zlib.crc32(name.encode()))
        x = (x ^ (x >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
        byte = ((x ^ (x >> np.uint64(29))) >> np.uint64(56)).astype(np.int64) - 128
    if norm:
        return ((0 if about_zero else 1) + (byte >> 4) / 16).reshape(shape).astype(np.float32)
    return (byte / 256).reshape(shape).astype(np.float32)


def case(name, classes, options, number, changes):
    config = classes[0](**{**SMALL, **options})
    model = classes[1](config).eval()
    state, tied = model.state_dict(), config.tie_word_embeddings
    for key, tensor in state.items():
        if not (tied and key == "lm_head.weight"):
            tensor.copy_(torch.from_numpy(values(key, tensor.shape, key.endswith("norm.weight"), classes in (GEMMA, GEMMA2))))
    shapes = {key: list(tensor.shape) for key, tensor in state.items() if not (tied and key == "lm_head.weight")}
    written = json.loads(config.to_json_string())
    if isinstance(changes, dict):
        for key, value in changes.items():
            written.pop(key) if value is None else written.update({key: value})
    ids = torch.tensor([[(7 * i * i + 3 * i + zlib.crc32(name.encode())) % VOCABULARY for i in range(LENGTH)]])
    with torch.no_grad():
        logits = model(ids).logits[0].numpy()
        text = ids[:, :8]
        for _ in range(GREEDY):
            text = torch.cat([text, model(text).logits[:, -1].argmax(-1, keepdim=True)], -1)
    bare = changes == "bare"
    if len(sys.argv) > 1:
        folder = pathlib.Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        kind = dict(F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16)[number]
        save_file({key.removeprefix("model.") if bare else key: state[key].to(kind).contiguous() for key in shapes}, folder / "model.safetensors", {"format": "pt"})
        (folder / "config.json").write_text(json.dumps(written))
        np.savez(folder / "reference.npz", ids=ids.numpy(), logits=logits[None], greedy=text.numpy())
    return dict(name=name, config=written, number=number, bare_names=bare, tensors=shapes, ids=ids[0].tolist(), rows=ROWS,
                logits=[[round(float(x), 6) for x in logits[row]] for row in ROWS], greedy=text[0].tolist())


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [case(name, *rest) for name, rest in CASES.items()]
    head = dict(about="checkpoints of small decoders and their logits; how each number of a tensor follows from its name is in options.py", made_by=f"transformers {transformers.__version__}, torch {torch.__version__}")
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
    (HERE / "options.json").write_text(json.dumps(head)[:-1] + ',"cases":[\n' + lines + "\n]}\n")
