"""How well an image encoder finds a sprite that it has not seen among 128, each shown twice, over other grounds.

    python models/training/retrieval.py --data DATA --model OUT/model.onnx

Beside it what needs no learning: the same net untrained, the pixels, a histogram of colours. One line of JSON for each:
top-1, InfoNCE in nats at a temperature of 0.1, its bound on mutual information, log N - loss, and the cosine that one of a
hundred pairs of different sprites exceeds, with the part of the right pairs that do. Needs onnxruntime besides.
"""

import argparse
import json
import math
import os

import torch
import torch.nn.functional as F

import cpc

NUMBER, DRAWS = 128, 4


def unit(x):
    return F.normalize(x.flatten(1), dim=1)


def pixels(x):
    return unit(x - x.mean((1, 2, 3), keepdim=True))


def histogram(x):
    """Of 4 levels of each colour; the root, so that the cosine is the overlap of Bhattacharyya."""
    level = (x * 4).long().clamp(0, 3)
    return unit(F.one_hot(level[:, 0] * 16 + level[:, 1] * 4 + level[:, 2], 64).flatten(1, 2).sum(1).float().sqrt())


def untrained(frames):
    torch.manual_seed(0)
    encoder = cpc.Cpc().encoder.settled(frames)

    def of(x):
        with torch.no_grad():
            return encoder(x)

    return of


def served(file):
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda x: torch.from_numpy(session.run(["embedding"], {"picture": x.numpy()})[0])


def measure(encode, pairs):
    cosines = torch.stack([encode(one).double() @ encode(other).double().T for one, other in pairs])
    own = torch.arange(NUMBER).repeat(len(pairs))
    loss = F.cross_entropy(cosines.flatten(0, 1) / cpc.TEMPERATURE, own).item()
    same = cosines.diagonal(dim1=1, dim2=2)
    other = cosines[:, ~torch.eye(NUMBER, dtype=torch.bool)]
    threshold = torch.quantile(other.flatten(), 0.99).item()
    found = {"top1": (cosines.flatten(0, 1).argmax(1) == own).double().mean().item(), "info_nce": loss, "bound": math.log(NUMBER) - loss}
    told = {**found, "similarity": threshold, "above": (same > threshold).double().mean().item()}
    return {name: round(value, 3) for name, value in told.items()}


def pairs_of(clips, held):
    """Of sprites that training has not shown, in two frames each, over grounds without one of them."""
    chosen = held[torch.linspace(0, len(held) - 1, NUMBER).round().long()]
    generator = torch.Generator().manual_seed(1)
    return [(clips.frames(chosen, generator), clips.frames(chosen, generator)) for _ in range(DRAWS)]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", required=True)
    asked.add_argument("--model", required=True)
    asked = asked.parse_args()
    clips, known, held = cpc.learnt(asked.data)
    pairs = pairs_of(clips, held)
    for name, encode in {"trained": served(asked.model), "untrained": untrained(cpc.usual(clips, known)), "pixels": pixels, "histogram": histogram}.items():
        print(json.dumps({"encoder": name, **measure(encode, pairs)}), flush=True)
