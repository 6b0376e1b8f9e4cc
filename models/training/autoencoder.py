"""Fits the encoder of models/emoji, trains its decoder, and writes both as ONNX.

    python models/training/autoencoder.py --data DATA --out OUT [--minutes 9] [--precision fp32 | bf16 | fp16] [--steps 700]

Goes on from DATA/checkpoint-PRECISION.pt. The encoder is closed form: the eight principal components of patches of 4x4 pixels,
each scaled to a deviation of 1. Its transpose is the decoder's linear part; a convolutional correction, which begins as nothing,
learns what patches alone cannot tell: smooth edges across them. Latents get noise of a random strength up to 0.08, since a
diffusion model's are not exact either. Half of the pictures are recoloured ones (recolour.py). Needs torch, numpy, pillow,
resvg_py, npm; onnx and onnxscript to write the graphs.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import data
import loop
import recolour
from nets import Correction

PATCH, CHANNELS, BATCH, RATE, NOISE, RECOLOURED = 4, 8, 16, 1e-3, 0.08, 0.5


def patches(pictures):
    """[N, 3, H, W] -> [N, H/4 W/4, 48], in the order of F.pixel_shuffle's channels"""
    return F.pixel_unshuffle(pictures, PATCH).flatten(2).transpose(1, 2)


class Patches(nn.Module):
    """Pictures [B, 3, 64, 64] in -1..1 to latents [B, 8, 16, 16] and, as far as a plane of eight directions goes, back."""

    def __init__(self, mean, directions, deviations):
        """mean [48], directions [8, 48] of length 1, deviations [8]"""
        super().__init__()
        for name, value in (("mean", mean), ("directions", directions), ("deviations", deviations)):
            self.register_buffer(name, value.float())

    @staticmethod
    def fitted(pictures):
        """Of principal components, whose signs are those of their largest numbers: they do not depend on the data's order."""
        rows = patches(pictures).flatten(0, 1).double()
        mean = rows.mean(0)
        variances, directions = torch.linalg.eigh(torch.cov(rows.T, correction=0))
        directions = directions.T.flip(0)[:CHANNELS]
        directions = directions * directions.gather(1, directions.abs().argmax(1, keepdim=True)).sign()
        return Patches(mean, directions, variances.flip(0)[:CHANNELS].sqrt())

    def forward(self, sample):
        to = self.directions / self.deviations[:, None]
        return F.conv2d(sample, to.view(CHANNELS, 3, PATCH, PATCH), -to @ self.mean, stride=PATCH)

    def back(self, latents):
        to = (self.directions * self.deviations[:, None]).T
        return F.pixel_shuffle(F.conv2d(latents, to[:, :, None, None], self.mean), PATCH)


class Decoder(nn.Module):
    """What is served: latents to pictures in -1..1."""

    def __init__(self, encoder, correction):
        super().__init__()
        self.encoder, self.correction = encoder, correction

    def forward(self, latent_sample):
        return (self.encoder.back(latent_sample) + self.correction(latent_sample)).clamp(-1, 1)


def learnt(folder):
    """-> plain and recoloured pictures [N, 64, 64, 3] bytes"""
    return data.pictures(folder, data.GROUPS, 64)[1], recolour.pictures(folder)[2]


def tensor(pictures):
    """[N, 64, 64, 3] bytes -> [N, 3, 64, 64] in -1..1"""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def loss_of(model, encoder, plain, coloured, batch=BATCH):
    def loss(run, generator):
        draw = lambda pictures, n: pictures[torch.randint(len(pictures), (n,), generator=generator).numpy()]
        others = int(batch * RECOLOURED)
        pictures = tensor(np.concatenate((draw(plain, batch - others), draw(coloured, others))))
        latents = encoder(pictures)
        strength = NOISE * torch.rand(batch, 1, 1, 1, generator=generator)
        latents = latents + strength * torch.randn(latents.shape, generator=generator)
        missing = pictures - encoder.back(latents)
        device = next(model.parameters()).device
        latents, missing = latents.to(device), missing.to(device)
        (x,) = run.precision.inputs(latents)
        return ((model(x).float() - missing) ** 2).mean()

    return loss


def decibels(decode, encoder, pictures):
    """Peak signal-to-noise ratio of bytes, over all pictures."""
    with torch.no_grad():
        errors = [((decode(encoder(p)).clamp(-1, 1) - p) * 127.5).square().mean() for p in tensor(pictures).split(64)]
    return 10 * float(torch.log10(255**2 / torch.stack(errors).mean()))


def main():
    asked = loop.arguments(__doc__, 9, 700)
    torch.manual_seed(0)
    plain, coloured = learnt(asked.data)
    encoder, model = Patches.fitted(tensor(plain)), Correction()
    run = loop.run_of(asked, model, loss_of(model, encoder, plain, coloured), RATE)
    run.resume().train(asked.minutes)
    decoder = Decoder(encoder, run.averaged().cpu())
    told = {"step": run.step, "linear_db": decibels(encoder.back, encoder, plain), "db": decibels(decoder, encoder, plain), "recoloured_db": decibels(decoder, encoder, coloured[::10])}
    print(json.dumps({name: round(value, 2) for name, value in told.items()}))
    out = pathlib.Path(asked.out)
    loop.export(encoder, (torch.rand(2, 3, 64, 64),), out / "vae_encoder/model.onnx", ["sample"], "latent_sample")
    loop.export(decoder, (torch.rand(2, CHANNELS, 16, 16),), out / "vae_decoder/model.onnx", ["latent_sample"], "sample")


if __name__ == "__main__":
    main()
