"""Distils the U-Net of models/emoji into one that draws in four steps, and writes it as ONNX.

    python models/training/distil.py --data DATA --out OUT [--minutes 20] [--precision bf16 | fp32 | fp16] [--steps 300]

Goes on from DATA/checkpoint-PRECISION.pt. Consistency distillation (Song et al. 2023, algorithm 2) of latents with guidance
inside (Luo et al. 2023, algorithm 1, at one weight): the student's answer at a noisy point of a teacher's trajectory is drawn
to its own, averaged, answer at the point where one guided DDIM step of the teacher leads, five points on (their section 4.3).
So its answers at the last five are the teacher's own, and no more than three of its own stand between them and pure noise.
Teacher and beginning are the shipped network; the points are the 20 steps that it is usually drawn with. Needs what emoji.py
needs.
"""

import pathlib

import numpy as np
import torch

import emoji
import loop
import recolour
import weights
from nets import TextUnet

POINTS, SKIP, GUIDANCE = 20, 5, 1.5
BATCH, RATE, AVERAGE, RECOLOURED, EMPTY = 32, 3e-4, 0.95, 0.4, 0.05
HUBER = 0.00054 * 2048**0.5  # of latents of 2,048 numbers; Song & Dhariwal 2023, section 3.3
TIMESTEPS = torch.arange(POINTS + 1) * (1000 // POINTS) - 1  # the first is no noise at all
KEPT = torch.cat((torch.ones(1, dtype=torch.float64), emoji.ALPHAS[TIMESTEPS[1:]]))
SIGNAL, NOISE = KEPT.sqrt().float(), (1 - KEPT).sqrt().float()


def captions(name):
    return [name, f"{name}, noto style", f"a {name} emoji"]


def coloured(folder):
    """-> latents [N, 8, 16, 16], text [N, 3, 16, 384] in halves; computed once."""
    kept = pathlib.Path(folder) / "recoloured-latents.npz"
    if not kept.exists():
        names, _, pictures = recolour.pictures(folder)
        text = emoji.vectors([c for n in names for c in captions(n)]).reshape(len(names), 3, 16, 384)
        np.savez(kept, latents=emoji.latents(pictures), text=text.astype(np.float16))
    found = np.load(kept)
    return torch.from_numpy(found["latents"]), torch.from_numpy(found["text"])


def shipped():
    return weights.Graph(emoji.SHIPPED / "unet" / "model.onnx").read(TextUnet()).to(memory_format=torch.channels_last)


def clean(network, x, i, text):
    """What the network takes the data to be: v turned around. The skip of Luo et al. 2023, eq. 8 is below 1e-6 at every point."""
    v = network(x.to(network.i.weight.dtype), TIMESTEPS[i].float(), text.to(network.i.weight.dtype)).float()
    a, s = (f[i][:, None, None, None] for f in (SIGNAL, NOISE))
    return a * x - s * v


def guided_step(teacher, x, i, j, text, empty):
    """DDIM from points i to points j, guided. Song et al. 2021, eq. 12."""
    both = clean(teacher, torch.cat((x, x)), torch.cat((i, i)), torch.cat((text, empty.expand_as(text))))
    told, untold = both.chunk(2)
    data = untold + GUIDANCE * (told - untold)
    a, s, a1, s1 = (f[at][:, None, None, None] for at in (i, j) for f in (SIGNAL, NOISE))
    return a1 * data + s1 / s * (x - a * data)


def loss_of(student, folder, batch=BATCH):
    plain, others = emoji.learnt(folder), coloured(folder)
    empty = plain[2]
    teacher, target = shipped(), shipped()

    def one(generator):
        latents, text = others if torch.rand((), generator=generator) < RECOLOURED else plain[:2]
        chosen = torch.randint(len(latents), (), generator=generator)
        caption = torch.randint(text.shape[1], (), generator=generator)
        told = empty if torch.rand((), generator=generator) < EMPTY else text[chosen, caption].float()
        return latents[chosen], told

    def loss(run, generator):
        device = next(student.parameters()).device
        for network in (teacher, target):
            network.to(device, next(student.parameters()).dtype)
        latents, text = (torch.stack(f) for f in zip(*(one(generator) for _ in range(batch))))
        i = 1 + ((torch.arange(batch) + torch.rand(batch, generator=generator)) / batch * POINTS).long().clamp(0, POINTS - 1)
        noise = torch.randn(latents.shape, generator=generator)
        x = SIGNAL[i][:, None, None, None] * latents + NOISE[i][:, None, None, None] * noise
        with torch.no_grad():
            for weight, average in zip(target.parameters(), run.averages):
                weight.copy_(average)
            j = (i - SKIP).clamp(0)
            before = guided_step(teacher, x, i, j, text, empty)
            # at no noise the answer is the point itself
            wanted = torch.where((j == 0)[:, None, None, None], before, clean(target, before, j.clamp(1), text))
        square = ((clean(student, x, i, text) - wanted) ** 2).flatten(1).sum(1)
        return ((square + HUBER**2).sqrt() - HUBER).mean()

    return loss


def export(model, file):
    weights.Graph(emoji.SHIPPED / "unet" / "model.onnx").write(model, file)


if __name__ == "__main__":
    loop.recipe(__doc__, 20, 300, RATE, shipped, loss_of, export, AVERAGE)
