"""How well a pipeline of the emoji kind draws what it is told, by step count and sampler, on its ONNX files.

    python models/training/evaluate.py --data DATA [--model models/emoji] [--runs ddim,20,3 dpmpp_2m,8,3 lcm,4,1] [--pictures 48]

So many names of the data and so many pairs of a colour and a name, each drawn once, are compared with the data:

- names, colours, shapes: of the pictures scaled down to 16x16, is the nearest of all plain ones the name's own; is the nearest
  of the thing's variants that of the colour; is the nearest of all recoloured ones of that thing. `distance` is the mean square
  to its own picture, of values in 0..1.
- agreement: the caption of the picture of all data that is nearest, against the prompt: cosine of the text encoder's vectors.
- frechet: a proxy of FID. The Frechet distance (Heusel et al. 2017, eq. 6) of Gaussians over 40 numbers of the VAE's latents,
  the means of each channel's quadrants and its deviation, against the pictures that the prompts name. `floor` is that of as
  many pictures of the data to other ones of the data; a model that draws its data has less than that, for it is told which.

Pictures and distances depend on the seed alone. Writes evaluation.json beside itself with --keep.
"""

import argparse
import json
import pathlib
import time

import numpy as np

import data
import emoji
import recolour

ALPHAS = emoji.ALPHAS.numpy()
LCM_STEPS = 20  # that distil.py teaches


class Pipeline:
    """A folder of the emoji model's layout; what it does not have is the emoji model's."""

    def __init__(self, folder):
        has = lambda part: folder if (folder / part / "model.onnx").exists() else emoji.SHIPPED
        self.unet, self.decoder = (emoji.session(part, has(part)) for part in ("unet", "vae_decoder"))

    def v(self, x, t, text):
        return self.unet.run(None, {"sample": x.astype(np.float32), "timestep": np.full(len(x), t, np.float32), "encoder_hidden_states": text})[0]

    def guided(self, x, t, text, empty, guidance):
        """-> what the data seem to be, the noise"""
        told = self.v(x, t, text)
        if guidance != 1:
            untold = self.v(x, t, np.repeat(empty, len(x), 0))
            told = untold + guidance * (told - untold)
        a, s = np.sqrt(ALPHAS[t]), np.sqrt(1 - ALPHAS[t])
        return a * x - s * told, a * told + s * x

    def draw(self, text, empty, sampler, steps, guidance, seed):
        """-> [N, 64, 64, 3] in 0..1"""
        noise = np.random.default_rng(seed)
        x = noise.standard_normal((len(text), 8, 16, 16))
        visited = TIMESTEPS[sampler](steps)
        before = None
        for t, after in zip(visited, [*visited[1:], None]):
            clean, eps = self.guided(x, t, text, empty, guidance)
            x, before = STEPS[sampler](x, clean, eps, t, after, before, noise), (t, clean)
        return (self.decoder.run(None, {"latent_sample": x.astype(np.float32)})[0].transpose(0, 2, 3, 1) + 1) / 2


def trailing(steps):
    return [round(1000 - i * 1000 / steps) - 1 for i in range(steps)]


def levels(t):
    return (1.0, 0.0) if t is None else (np.sqrt(ALPHAS[t]), np.sqrt(1 - ALPHAS[t]))


def ddim(x, clean, eps, t, after, before, noise):
    """Song et al. 2021, eq. 12."""
    a, s = levels(after)
    return a * clean + s * eps


def lcm(x, clean, eps, t, after, before, noise):
    """Luo et al. 2023, algorithm 3."""
    a, s = levels(after)
    return a * clean + s * noise.standard_normal(x.shape)


def euler_a(x, clean, eps, t, after, before, noise):
    """An Euler step down to where fresh noise leads up again; Karras et al. 2022, in k-diffusion's form."""
    a, s = levels(after)
    here, there = levels(t)[1] / levels(t)[0], s / a
    up = min(there, np.sqrt(there**2 * (here**2 - there**2) / here**2))
    return a * (clean + np.sqrt(there**2 - up**2) * eps + up * noise.standard_normal(x.shape))


def dpmpp_2m(x, clean, eps, t, after, before, noise):
    """Lu et al. 2022, algorithm 2; the last step is of the first order."""
    if after is None:
        return clean
    logsnr = lambda t: np.log(levels(t)[0] / levels(t)[1])
    h, drawn = logsnr(after) - logsnr(t), clean
    if before is not None:
        r = (logsnr(t) - logsnr(before[0])) / h
        drawn = (1 + 1 / (2 * r)) * clean - 1 / (2 * r) * before[1]
    return levels(after)[1] / levels(t)[1] * x - levels(after)[0] * np.expm1(-h) * drawn


STEPS = {"ddim": ddim, "euler_a": euler_a, "dpmpp_2m": dpmpp_2m, "lcm": lcm}
TIMESTEPS = {name: trailing for name in STEPS} | {
    "lcm": lambda steps: [(LCM_STEPS - i * LCM_STEPS // steps) * (1000 // LCM_STEPS) - 1 for i in range(steps)]
}


def small(pictures):
    """[N, 64, 64, 3] in 0..1 -> [N, 768], means of 4x4 pixels"""
    return pictures.reshape(len(pictures), 16, 4, 16, 4, 3).mean((2, 4)).reshape(len(pictures), -1).astype(np.float32)


def distances(one, other):
    """Mean squares of each to each."""
    return ((one**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * one @ other.T).clip(0) / one.shape[1]


def features(pictures):
    """[N, 64, 64, 3] in 0..1 -> [N, 40]"""
    z = emoji.latents(np.rint(np.clip(pictures, 0, 1) * 255).astype(np.uint8))
    return np.concatenate((z.reshape(len(z), 8, 2, 8, 2, 8).mean((3, 5)).reshape(len(z), -1), z.std((2, 3))), 1).astype(np.float64)


def frechet(one, other):
    """Between the Gaussians of two sets of rows."""
    (m, c), (n, d) = ((f.mean(0), np.cov(f.T)) for f in (one, other))
    values, vectors = np.linalg.eigh(c)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    return float(((m - n) ** 2).sum() + np.trace(c) + np.trace(d) - 2 * np.sqrt(np.linalg.eigvalsh(root @ d @ root).clip(0)).sum())


def sentences(texts):
    """Unit vectors. -> [N, 384]"""
    rows = emoji.vectors(texts).sum(1)  # padding is zero, and length does not matter
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Data:
    def __init__(self, folder, count, seed=0):
        names, plain = data.pictures(folder, data.GROUPS, 64)
        coloured, things, variants = recolour.pictures(folder)
        choice = np.random.default_rng(seed)
        self.names, self.pairs = choice.permutation(len(names))[: 2 * count], choice.permutation(len(coloured))[: 2 * count]
        self.plain, self.variants, self.things, self.count = plain / 255, variants / 255, things, count
        self.captions = [*names, *coloured]
        self.small_plain, self.small_variants = small(self.plain), np.concatenate([small(variants[i:i + 500] / 255) for i in range(0, len(variants), 500)])
        self.prompts = [names[i] for i in self.names[:count]] + [coloured[i] for i in self.pairs[:count]]
        self.text, self.empty, self.told = emoji.vectors(self.prompts), emoji.vectors([""]), sentences(self.prompts)
        self.shown = features(np.concatenate((self.plain[self.names[:count]], self.variants[self.pairs[:count]])))

    def floor(self):
        """Of pictures that the prompts do not name."""
        count = self.count
        return frechet(features(np.concatenate((self.plain[self.names[count:]], self.variants[self.pairs[count:]]))), self.shown)

    def measured(self, drawn):
        count, names, pairs = self.count, self.names[: self.count], self.pairs[: self.count]
        rows = small(drawn)
        to_plain, to_variants = distances(rows, self.small_plain), distances(rows, self.small_variants)
        of_pairs, things = to_variants[count:], self.things[pairs]
        own = np.array([np.where(self.things == thing, row, np.inf).argmin() for thing, row in zip(things, of_pairs)])
        nearest = np.concatenate((to_plain, to_variants), 1).argmin(1)
        return {
            "names": float((to_plain[:count].argmin(1) == names).mean()),
            "distance": float(to_plain[np.arange(count), names].mean()),
            "colours": float((own == pairs).mean()),
            "shapes": float((self.things[of_pairs.argmin(1)] == things).mean()),
            "coloured_distance": float(of_pairs[np.arange(count), pairs].mean()),
            "agreement": float((self.told * sentences([self.captions[i] for i in nearest])).sum(1).mean()),
            "frechet": frechet(features(drawn), self.shown),
        }


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", required=True)
    asked.add_argument("--model", type=pathlib.Path, default=emoji.SHIPPED)
    asked.add_argument("--runs", nargs="+", default=["ddim,20,3"], help="sampler,steps,guidance")
    asked.add_argument("--pictures", type=int, default=48)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--keep", action="store_true", help="add to evaluation.json")
    asked.add_argument("--show", type=pathlib.Path, help="a PNG of the pictures of the last run")
    asked = asked.parse_args()
    known, pipeline = Data(asked.data, asked.pictures), Pipeline(asked.model)
    kept = pathlib.Path(__file__).parent / "evaluation.json"
    report = json.loads(kept.read_text()) if kept.exists() else {}
    report["floor"] = round(known.floor(), 3)
    print("floor", report["floor"])
    for run in asked.runs:
        sampler, steps, guidance = run.split(",")
        start = time.process_time()
        drawn = np.concatenate([
            pipeline.draw(known.text[i:i + 16], known.empty, sampler, int(steps), float(guidance), asked.seed * 1000 + i)
            for i in range(0, len(known.prompts), 16)
        ])
        found = {name: round(value, 4) for name, value in known.measured(drawn).items()}
        found["cpu_s_per_picture"] = round((time.process_time() - start) / len(drawn), 3)
        report[f"{asked.model.name} {run}"] = found
        print(asked.model.name, run, json.dumps(found), flush=True)
    if asked.keep:
        kept.write_text(json.dumps({"pictures": 2 * asked.pictures} | report, indent=1) + "\n")
    if asked.show:
        from PIL import Image

        rows = np.rint(drawn[: len(drawn) // 12 * 12] * 255).astype(np.uint8).reshape(-1, 12, 64, 64, 3)
        Image.fromarray(rows.transpose(0, 2, 1, 3, 4).reshape(-1, 12 * 64, 3)).save(asked.show)


if __name__ == "__main__":
    main()
