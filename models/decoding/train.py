"""Trains a draft model or draft heads on what `generate.py` wrote, against the target's own distribution.

    python models/decoding/train.py draft --gguf MODEL.gguf --data DATA --out models/decoding --minutes 20

Kinds: `draft` (a model of two layers, begun from two of the target's, with its embedding), `medusa`, `eagle`, `mtp`. Goes on
from its checkpoint DATA/KIND.pt, or from the weights in --out; writes KIND.safetensors (float16) and KIND.json with the
share of held-out answer tokens that are guessed right, by position, and how many tokens were seen. The last batch of
answers is held out. The loss is the cross-entropy with the target's distribution over the draft vocabulary.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from generate import END
from target import HEADS, KV_HEADS, SIZE, Layer, Target, rms, rotary

STEPS = 3  # guesses in a row
RATE, SEQUENCES = 4e-4, 8


class Model(torch.nn.Module):
    """Guesses: from ids t[0..n] and states h[0..n] (of the same places) the distributions of the next STEPS tokens."""

    def __init__(self, kind, target, vocabulary, weights):
        super().__init__()
        self.kind, self.target, self.vocabulary = kind, target, vocabulary
        self.output = target.embedding[vocabulary]
        if kind == "draft":
            self.layers = torch.nn.ModuleList(Layer(weights[i]) for i in range(2))
            self.norm = torch.nn.Parameter(weights["norm"])
        elif kind == "medusa":
            self.weight = torch.nn.ParameterList(weights[f"head.{i}.weight"] for i in range(4))
            self.bias = torch.nn.ParameterList(weights[f"head.{i}.bias"] for i in range(4))
        else:
            self.modules_ = torch.nn.ModuleList(Feature(weights, p) for p in ((["0.", "1."]) if kind == "mtp" else [""]))

    def forward(self, ids, hidden):
        """-> for step s, logits [B, T - 1 - s, V] of place p + 2 + s (heads) or p + 1 (draft model), p = 0.."""
        if self.kind == "draft":
            n = ids.shape[1]
            cos, sin = rotary(torch.arange(n)[None])
            x = self.target.embedding[ids]
            for layer in self.layers:
                x = layer(x, cos, sin, causal(n))
            return [(rms(x, self.norm) @ self.output.T)[:, :-1]]
        if self.kind == "medusa":
            return [(hidden + F.silu(hidden @ w.T + b))[:, :-2 - s] @ self.output.T for s, (w, b) in enumerate(zip(self.weight, self.bias))]
        logits, state = [], hidden
        for step in range(STEPS):  # the next step takes its own guesses and the tokens behind them
            module = self.modules_[min(step, len(self.modules_) - 1)]
            state = module(state[:, :ids.shape[1] - 1 - step], self.target.embedding[ids[:, 1 + step:]])
            logits.append(state[:, :-1] @ self.output.T)
        return logits

    def place(self, step):
        """Row 0 of a step's logits guesses the token at this place."""
        return 1 if self.kind == "draft" else 2 + step


class Feature(torch.nn.Module):
    def __init__(self, weights, prefix):
        super().__init__()
        names = ("nh", "ne", "nf", "fc")
        for name in names:
            self.register_parameter(name, torch.nn.Parameter(weights[f"{prefix}{name}.weight"]))
        self.layer = Layer({n: weights[f"{prefix}{n}.weight"] for n in ("n1", "n2", "qkv", "o", "gu", "d")})

    def forward(self, state, embedded):
        x = torch.cat((rms(state, self.nh), rms(embedded, self.ne)), -1) @ self.fc.T
        cos, sin = rotary(torch.arange(x.shape[1])[None])
        return rms(self.layer(x, cos, sin, causal(x.shape[1])), self.nf)


def places_in(vocabulary, size):
    """[size]: where in the draft vocabulary a token stands, or -1."""
    lookup = torch.full((size,), -1)
    lookup[vocabulary] = torch.arange(len(vocabulary))
    return lookup


def causal(n):
    return torch.ones(n, n, dtype=torch.bool).tril()[None, None]


def interleaved(weight, heads):
    """The inverse of `target.unrotated`: rows of Q and K as GGUF keeps them."""
    return weight.reshape(heads, 2, SIZE // 2, -1).swapaxes(1, 2).reshape(heads * SIZE, -1)


def initial(kind, target, out):
    if kind == "draft":
        first, last = target.layers[0], target.layers[-1]
        return {0: dict(first.named_parameters()), 1: dict(last.named_parameters()), "norm": target.norm.clone()}
    return {k: v.float() if v.is_floating_point() else v for k, v in load_file(out / f"{kind}.safetensors").items()}


def saved(model, vocabulary, before):
    """Tensors by the names that Tern reads."""
    if model.kind == "draft":
        tensors = {"output_norm.weight": model.norm}
        for i, layer in enumerate(model.layers):
            q, k, v = layer.qkv.split((HEADS * SIZE, KV_HEADS * SIZE, KV_HEADS * SIZE))
            gate, up = layer.gu.chunk(2)
            parts = {"attn_norm": layer.n1, "ffn_norm": layer.n2, "attn_q": interleaved(q, HEADS), "attn_k": interleaved(k, KV_HEADS),
                     "attn_v": v, "attn_output": layer.o, "ffn_gate": gate, "ffn_up": up, "ffn_down": layer.d}
            tensors.update({f"blk.{i}.{name}.weight": value for name, value in parts.items()})
    elif model.kind == "medusa":
        tensors = {f"head.{i}.{n}": v for n, list_ in (("weight", model.weight), ("bias", model.bias)) for i, v in enumerate(list_)}
        tensors["tree"] = before["tree"]
    else:
        tensors = {}
        for prefix, module in zip(("0.", "1.") if model.kind == "mtp" else ("",), model.modules_):
            own = {n: getattr(module, n) for n in ("nh", "ne", "nf", "fc")} | dict(module.layer.named_parameters())
            tensors.update({f"{prefix}{n}.weight": v for n, v in own.items()})
    result = {k: v.detach().half().contiguous() if v.is_floating_point() else v for k, v in tensors.items()}
    # A checkpoint's tensors are real numbers, which hold these ids exactly.
    return result | {"draft_vocab": vocabulary.float()}


def sequences(files):
    """(ids, hidden, start of the answer) up to the first end of turn in the answer."""
    for file in files:
        z = np.load(file)
        for ids, hidden, pad in zip(z["ids"], z["hidden"], z["pad"]):
            start = int(z["start"]) - int(pad)
            ids, hidden = ids[pad:], hidden[pad:]
            ends = np.flatnonzero(ids[start:] == END)
            stop = start + int(ends[0]) + 1 if len(ends) else len(ids)
            if stop - start > 4:
                yield torch.from_numpy(ids[:stop].astype(np.int64)), torch.from_numpy(hidden[:stop].astype(np.float32)), start


def batches(items, size):
    """Padded on the right; answer is true where a token belongs to the answer."""
    for at in range(0, len(items), size):
        group = items[at:at + size]
        n = max(len(i) for i, _, _ in group)
        ids, hidden, answer = torch.zeros(len(group), n, dtype=torch.long), torch.zeros(len(group), n, group[0][1].shape[1]), torch.zeros(len(group), n, dtype=torch.bool)
        for row, (i, h, start) in enumerate(group):
            ids[row, :len(i)], hidden[row, :len(i)] = i, h
            answer[row, start:len(i)] = True
        yield ids, hidden, answer


def losses(model, target_output, ids, hidden, answer, lookup):
    """-> (loss, hits by step, answer tokens by step)"""
    total, hits, counts = 0, [], []
    for step, logits in enumerate(model(ids, hidden)):
        place = model.place(step)
        chosen = answer[:, place:place + logits.shape[1]]
        logits = logits[:, :chosen.shape[1]][chosen].float()
        teacher = (hidden[:, place - 1:place - 1 + chosen.shape[1]][chosen] @ target_output.T).float().softmax(-1)
        total = total + F.cross_entropy(logits, teacher)
        truth = ids[:, place:place + chosen.shape[1]][chosen]
        hits.append(int((logits.argmax(-1) == lookup[truth]).sum()))
        counts.append(len(truth))
    return total, np.array(hits), np.array(counts)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("kind", choices=["draft", "medusa", "eagle", "mtp"])
    args.add_argument("--gguf", required=True)
    args.add_argument("--data", type=pathlib.Path, required=True)
    args.add_argument("--out", type=pathlib.Path, required=True)
    args.add_argument("--minutes", type=float, default=20)
    args.add_argument("--rate", type=float, default=RATE)
    args.add_argument("--threads", type=int, default=1)
    args.add_argument("--bfloat16", action="store_true", help="products in bfloat16 over float32 master weights, where the processor has them")
    args = args.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    target = Target(args.gguf)
    vocabulary = load_file(args.out / "eagle.safetensors")["draft_vocab"].long()
    lookup = places_in(vocabulary, target.embedding.shape[0])
    before = initial(args.kind, target, args.out)
    model = Model(args.kind, target, vocabulary, before)
    parameters = [p.requires_grad_(True) for p in model.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, betas=(0.9, 0.98), weight_decay=0.01)
    checkpoint, seen, step = args.data / f"{args.kind}.pt", 0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        seen, step = state["seen"], state["step"]
    files = sorted(f for f in args.data.glob("*.npz") if ".part" not in f.name)
    held = list(sequences(files[-1:]))
    kept = list(sequences(files[:-1]))
    fresh = sum(len(i) - s for i, _, s in kept)
    output, start, spent = model.output, time.process_time(), 0.0

    def accuracy():
        hits, counts = 0, 0
        with torch.inference_mode():
            for ids, hidden, answer in batches(held, SEQUENCES):
                _, h, c = losses(model, output, ids, hidden, answer, lookup)
                hits, counts = hits + h, counts + c
        return [round(float(x), 3) for x in hits / counts]

    print(json.dumps({"train_tokens": fresh, "held_out": accuracy()}), flush=True)
    while spent < args.minutes:
        order = torch.randperm(len(kept)).tolist()
        for ids, hidden, answer in batches([kept[i] for i in order], SEQUENCES):
            spent = (time.process_time() - start) / 60
            for group in optimizer.param_groups:
                group["lr"] = args.rate * min(1, (step + 1) / 30) * (0.05 + 0.95 * max(0.0, 1 - spent / args.minutes))
            with torch.autocast("cpu", torch.bfloat16, enabled=args.bfloat16):
                loss, _, counts = losses(model, output, ids, hidden, answer, lookup)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            seen, step = seen + int(counts[0]), step + 1
            if step % 50 == 0:
                print(json.dumps({"step": step, "seen": seen, "minutes": round(spent, 1), "loss": round(float(loss), 3)}), flush=True)
                torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "seen": seen, "step": step}, checkpoint)
            if spent >= args.minutes:
                break
    figures = {"kind": args.kind, "different_tokens": fresh, "tokens_seen": seen, "held_out_top1_by_position": accuracy(), "cpu_minutes": round(spent, 1)}
    save_file(saved(model, vocabulary, before), args.out / f"{args.kind}.safetensors")
    (args.out / f"{args.kind}.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
