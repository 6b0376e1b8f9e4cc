"""Trains the noise-conditional score network of models/ncsn and writes it as ONNX.

    python models/training/ncsn.py --data DATA --out OUT [--minutes 37] [--precision fp32 | bf16 | fp16] [--steps 1684]

Goes on from DATA/checkpoint-PRECISION.pt. Denoising score matching (Vincent 2011; Song & Ermon 2019, eq. 6) with the
preconditioning and weight of Karras et al. 2022, table 1; sigma is log-uniform over 0.01..25, one in each part of a batch;
pictures are flipped at random. Needs torch, numpy, pillow, resvg_py, npm; onnx and onnxscript to write the graph.
"""

import math

import numpy as np
import torch

import data
import loop
from nets import ScoreNet

LEAST, MOST, BATCH, RATE = 0.01, 25.0, 48, 1.5e-3
GREY = np.array([0.299, 0.587, 0.114], np.float32)


def smileys(folder):
    """-> [N, 1, 32, 32] in 0..1"""
    _, pictures = data.pictures(folder, data.GROUPS[:1], 32)
    return torch.from_numpy((pictures.astype(np.float32) / 255 @ GREY)[:, None])


def loss_of(model, pictures, batch=BATCH):
    """The mean square of the network's own error: the weighted loss of Karras et al. 2022, eq. 8, over each level alike."""

    def loss(run, generator):
        draw = lambda f, *shape: f(*shape, generator=generator)
        clean = pictures[torch.randint(len(pictures), (batch,), generator=generator)]
        clean = torch.where(draw(torch.rand, batch, 1, 1, 1) < 0.5, clean, clean.flip(-1))
        place = (torch.arange(batch) + draw(torch.rand, batch)) / batch
        sigma = torch.exp(math.log(LEAST) + place * math.log(MOST / LEAST))
        noise = draw(torch.randn, *clean.shape)
        device = next(model.parameters()).device
        clean, sigma, noise = clean.to(device), sigma.to(device), noise.to(device)
        deviation = model.DEVIATION
        weight = (sigma**2 + deviation**2) / (sigma * deviation) ** 2
        found = model(clean + sigma[:, None, None, None] * noise, sigma)
        return (weight[:, None, None, None] * (found - clean) ** 2).mean()

    return loss


class Score(torch.nn.Module):
    """What is served: sample, sigma -> score."""

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser = denoiser

    def forward(self, sample, sigma):
        return (self.denoiser(sample, sigma) - sample) / sigma[:, None, None, None] ** 2


def export(model, file):
    example = (torch.rand(2, 1, 32, 32), torch.tensor([0.5, 2.0]))
    loop.export(Score(model), example, file, ["sample", "sigma"], "score")


if __name__ == "__main__":
    loop.recipe(__doc__, 37, 1684, RATE, ScoreNet, lambda model, data: loss_of(model, smileys(data)), export)
