"""How often drafts stand along the target's own greedy answers, and the vectors that a port is checked against.

    python models/decoding/evaluate.py KIND --gguf MODEL.gguf --data DATA [--reference]

Prints, for the held-out answers, the share of first, second and third guesses that are right, each alone, and the mean tokens
a step for chains of one to three (1 + guesses that stand in a row). With --reference also writes what the heads say of the
places in models/golden/decoding/KIND_reference.npz.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file

from generate import ROOT
from target import HEADS, KV_HEADS, Target, unrotated
from train import SEQUENCES, STEPS, Model, batches, places_in, sequences

HERE = pathlib.Path(__file__).resolve().parent


def weights(kind):
    stored = {k: v.float() if v.is_floating_point() else v for k, v in load_file(HERE / f"{kind}.safetensors").items()}
    if kind != "draft":
        return stored
    layers = {}
    for i in range(2):
        part = {n: stored[f"blk.{i}.{n}.weight"] for n in ("attn_norm", "ffn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")}
        layers[i] = {"n1": part["attn_norm"], "n2": part["ffn_norm"], "o": part["attn_output"], "d": part["ffn_down"],
                     "qkv": torch.cat((unrotated(part["attn_q"], HEADS), unrotated(part["attn_k"], KV_HEADS), part["attn_v"])),
                     "gu": torch.cat((part["ffn_gate"], part["ffn_up"]))}
    return layers | {"norm": stored["output_norm.weight"]}


def hits(model, lookup, ids, hidden, answer):
    """-> [STEPS, B, T], true where the guess that is made at a place for so many tokens ahead is right; and the places."""
    right = torch.zeros(STEPS, *ids.shape, dtype=torch.bool)
    for step, logits in enumerate(model(ids, hidden)[:STEPS]):
        at = model.place(step)
        truth = lookup[ids[:, at:at + logits.shape[1]]]
        right[step, :, :truth.shape[1]] = logits[:, :truth.shape[1]].argmax(-1) == truth
    if model.kind == "draft":  # fed with its own guesses, which are the text's as long as they stand
        right[1, :, :-1], right[2, :, :-2] = right[0, :, 1:], right[0, :, 2:]
    first = model.place(0)
    places = torch.zeros_like(answer)
    length = ids.shape[1] - first - STEPS + 1
    places[:, :length] = answer[:, first:first + length] & answer[:, first + STEPS - 1:first + STEPS - 1 + length]
    return right, places


@torch.inference_mode()
def figures(model, lookup, held):
    counts, total = np.zeros(STEPS), 0
    chains = np.zeros(STEPS)
    for ids, hidden, answer in batches(held, SEQUENCES):
        right, places = hits(model, lookup, ids, hidden, answer)
        total += int(places.sum())
        standing = places.clone()
        for step in range(STEPS):
            counts[step] += int((right[step] & places).sum())
            standing &= right[step]
            chains[step] += int(standing.sum())
    return {"places": total, "right_by_position": [round(float(x), 3) for x in counts / total],
            "tokens_a_step_by_chain": [round(float(x), 2) for x in 1 + np.cumsum(chains) / total]}


@torch.inference_mode()
def write_reference(model, kind):
    file = ROOT / f"models/golden/decoding/{kind}_reference.npz"
    vectors = dict(np.load(file))
    tokens, state = torch.from_numpy(vectors["tokens"]), torch.from_numpy(vectors["hidden"])
    for step in range(sum(name.startswith("feature") for name in vectors)):
        module = model.modules_[min(step, len(model.modules_) - 1)]
        state = module(state[:, :tokens.shape[1] - 1 - step], model.target.embedding[tokens[:, step:-1]])
        vectors[f"feature{step}"] = state.numpy()
        vectors[f"top{step}"] = model.vocabulary[(state @ model.output.T).argmax(-1)].numpy()
    np.savez(file, **vectors)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("kind", choices=["draft", "medusa", "eagle", "mtp"])
    args.add_argument("--gguf", required=True)
    args.add_argument("--data", type=pathlib.Path, required=True)
    args.add_argument("--reference", action="store_true", help="of mtp or eagle, after new weights")
    args = args.parse_args()
    target = Target(args.gguf)
    vocabulary = load_file(HERE / "eagle.safetensors")["draft_vocab"].long()
    lookup = places_in(vocabulary, target.embedding.shape[0])
    model = Model(args.kind, target, vocabulary, weights(args.kind))
    if args.reference:
        write_reference(model, args.kind)
    held = sorted(f for f in args.data.glob("*.npz") if ".part" not in f.name)[-1:]
    print(json.dumps({"kind": args.kind} | figures(model, lookup, list(sequences(held)))))


if __name__ == "__main__":
    main()
