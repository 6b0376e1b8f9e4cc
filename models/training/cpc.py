"""Trains an image encoder by contrastive predictive coding and writes it as ONNX.

    python models/training/cpc.py --data DATA --out OUT [--minutes 30] [--precision fp32 | bf16 | fp16] [--steps 3000]

Goes on from DATA/checkpoint-PRECISION.pt. van den Oord et al. 2018: an encoder makes z of each frame of a film, a recurrent net
makes of the frames so far a context c, and from c_t z_{t+k} is predicted by W_k; InfoNCE asks for it among the frames at
that time of all films of the batch (eq. 4). Films: clips.py. Needs torch, numpy, pillow, resvg_py, npm; onnx and onnxscript to
write the graph.
"""

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import data
import loop
from clips import Clips, Pool, split

SIDE, FRAMES, BATCH, RATE, TEMPERATURE = 32, 4, 80, 2e-3, 0.1


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, inside, out, stride):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(inside, out, 3, stride, 1), nn.Conv2d(out, out, 3, padding=1)
        self.k = nn.Conv2d(inside, out, 1) if inside != out else nn.Identity()
        self.pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        return self.k(self.pool(x)) + self.c2(F.relu(self.c1(F.relu(x))))


class Standard(nn.Module):
    """Each value with mean 0 and deviation 1 over the batch, and after training over what it was settled on: without it all
    vectors come to lie in four or five dimensions."""

    def __init__(self, width):
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))

    def forward(self, h):
        if self.training:
            return (h - h.mean(0)) / (h.var(0) + 1e-5).sqrt()
        return (h - self.mean) / self.deviation

    def settle(self, h):
        self.mean.copy_(h.mean(0))
        self.deviation.copy_((h.var(0) + 1e-5).sqrt())


class Encoder(nn.Module):
    """g_enc: pictures [N, 3, 32, 32] in 0..1 -> unit vectors [N, 128]. 0.7 million weights."""

    WIDTH = 128

    def __init__(self, width=24):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, width, 5, 2, 2), Block(width, 2 * width, 2), Block(2 * width, 4 * width, 2),
            Block(4 * width, 4 * width, 1), Block(4 * width, 6 * width, 1), nn.ReLU())
        self.out = nn.Linear(6 * width, self.WIDTH)
        self.standard = Standard(self.WIDTH)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def features(self, x):
        return self.out(self.layers((x - 0.5) * 4).mean((2, 3))).float()

    def forward(self, x):
        return F.normalize(self.standard(self.features(x)), dim=-1)

    def settled(self, frames):
        """Ready to be used: with the statistics of these."""
        with torch.no_grad():
            self.standard.settle(self.features(frames))
        return self.eval()


class Cpc(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.context = nn.GRU(Encoder.WIDTH, 256)
        self.predict = nn.ModuleList(nn.Linear(256, Encoder.WIDTH, bias=False) for _ in range(FRAMES - 1))
        self.to(memory_format=torch.channels_last)

    def forward(self, frames):
        """frames [T, B, 3, side, side] -> InfoNCE in nats, mean over t and k."""
        time, films = frames.shape[:2]
        z = self.encoder(frames.flatten(0, 1).contiguous(memory_format=torch.channels_last)).unflatten(0, (time, films))
        c, _ = self.context(z[:-1].to(frames.dtype))
        own, losses = torch.arange(films, device=z.device), []
        for t in range(time - 1):
            for k in range(1, time - t):
                predicted = F.normalize(self.predict[k - 1](c[t]).float(), dim=-1)
                losses.append(F.cross_entropy(predicted @ z[t + k].T / TEMPERATURE, own))
        return torch.stack(losses).mean()


def loss_of(model, pool, batch=BATCH):
    def loss(run, generator):
        frames = pool.films(batch, FRAMES, run.step, generator).to(next(model.parameters()).device)
        return model(*run.precision.inputs(frames))

    return loss


def learnt(folder):
    """-> frames, the sprites that are shown, those held out."""
    codes, sprites = data.sprites(folder, 64)
    known, held = split(codes)
    return Clips(sprites, SIDE), torch.from_numpy(known), torch.from_numpy(held)


def usual(clips, known):
    """Frames of what is shown, for the statistics of a trained encoder."""
    return clips.frames(known[:: len(known) // 1000], torch.Generator().manual_seed(0))


def export(encoder, file):
    loop.export(encoder.to(memory_format=torch.contiguous_format), (torch.rand(2, 3, SIDE, SIDE),), file, ["picture"], "embedding")


class Recipe:
    """Knows its frames from the loss to the export."""

    def loss_from(self, model, folder):
        self.clips, self.known, _ = learnt(folder)
        return loss_of(model, Pool(self.clips, self.known))

    def export(self, model, file):
        export(model.encoder.settled(usual(self.clips, self.known)), file)


if __name__ == "__main__":
    recipe = Recipe()
    loop.recipe(__doc__, 30, 3000, RATE, Cpc, recipe.loss_from, recipe.export, "model.onnx")
