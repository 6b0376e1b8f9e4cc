"""Short synthetic films: one sprite jumps, turns, grows and is tinted from frame to frame, over a ground that is another one in
each frame, while pieces of other sprites pass before it and behind it. What the frames share is the sprite, and nothing else.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

HELD_OUT = 8  # each eighth code point, in both styles


def split(codes):
    """-> indices of the sprites for training, of those held out."""
    place = {code: i for i, code in enumerate(sorted(set(codes)))}
    held = np.array([place[code] % HELD_OUT == HELD_OUT - 1 for code in codes])
    return np.flatnonzero(~held), np.flatnonzero(held)


class Clips:
    """sprites: [N, side, side, 4] bytes."""

    def __init__(self, sprites, side):
        sprites = torch.from_numpy(sprites).permute(0, 3, 1, 2).float() / 255
        # colours times opacity, so that edges between both are sampled right
        self.sprites, self.side = torch.cat((sprites[:, :3] * sprites[:, 3:], sprites[:, 3:]), 1), side

    def frames(self, which, generator):
        """A frame of each of these sprites. -> [N, 3, side, side] in 0..1"""
        draw = Draws(generator, len(which))
        picture = self.grounds(draw)
        passing, before = draw.chance(0.7), draw.chance(0.5)
        self.passing(picture, passing & ~before, generator)
        self.paste(picture, which, draw.between(0.5, 1.1), draw.between(-0.22, 0.22), draw.between(-0.22, 0.22), draw, tint=True)
        self.passing(picture, passing & before, generator)
        return self.seen(picture, draw)

    def passing(self, picture, there, generator):
        """Another sprite, its middle near an edge."""
        rows = there.nonzero()[:, 0]
        draw = Draws(generator, len(rows))
        angle, far = draw.between(0, 2 * math.pi), draw.between(0.75, 1.2)
        few = picture[rows]
        self.paste(few, draw.one_of(len(self.sprites)), draw.between(0.35, 0.9), far * angle.cos(), far * angle.sin(), draw)
        picture[rows] = few

    def paste(self, picture, which, size, x, y, draw, tint=False):
        """size: of the frame's side; x, y: of the middle, in -1..1."""
        angle = draw.between(-0.45, 0.45)
        flip, stretch = torch.where(draw.chance(0.5), 1.0, -1.0), draw.between(0.85, 1.18)
        cos, sin = angle.cos() / size, angle.sin() / size
        # from the frame's places to the sprite's
        theta = torch.stack((
            torch.stack((flip * cos * stretch, flip * sin * stretch, -flip * stretch * (cos * x + sin * y)), 1),
            torch.stack((-sin / stretch, cos / stretch, (sin * x - cos * y) / stretch), 1)), 1)
        grid = F.affine_grid(theta, [draw.n, 4, self.side, self.side], align_corners=False)
        sprite = F.grid_sample(self.sprites[which], grid, align_corners=False)
        colours, opacity = sprite[:, :3], sprite[:, 3:]
        if tint:
            colours = tinted(colours, opacity, draw)
        picture.mul_(1 - opacity).add_(colours)

    def grounds(self, draw):
        """Slopes of colour, soft and hard noise, or a piece of a sprite much enlarged."""
        n, side = draw.n, self.side
        base = draw.between(0, 1, 3)[:, :, None, None]
        coarse = F.interpolate(draw.between(-0.6, 0.6, 3, 2, 2), (side, side), mode="bilinear", align_corners=True)
        noises = torch.zeros(n, 3, side, side)
        for cells in (4, 9, 20):
            noise = draw.between(-1, 1, 3, cells, cells) * draw.between(0.3, 1, 3)[:, :, None, None] + draw.between(-1, 1, 1, cells, cells)
            mode = "nearest" if cells == 9 else "bilinear"
            noises += F.interpolate(noise, (side, side), mode=mode) * (draw.chance(0.5) * draw.between(0, 0.35))[:, None, None, None]
        ground = (base + coarse * draw.between(0, 1)[:, None, None, None] + noises).clamp(0, 1)
        rows = draw.chance(0.6).nonzero()[:, 0]
        draw = Draws(draw.generator, len(rows))
        few = ground[rows]
        self.paste(few, draw.one_of(len(self.sprites)), draw.between(2, 5), draw.between(-2, 2), draw.between(-2, 2), draw)
        ground[rows] = few
        return ground

    def seen(self, picture, draw):
        """Sometimes from afar, and always with noise."""
        for part, small in ((slice(0, draw.n // 6), self.side // 2), (slice(draw.n // 6, draw.n // 3), self.side * 3 // 4)):
            order = torch.randperm(draw.n, generator=draw.generator)[part]
            blurred = F.interpolate(F.interpolate(picture[order], (small, small), mode="area"), (self.side, self.side), mode="bilinear")
            picture[order] = blurred
        noise = torch.randn(picture.shape, generator=draw.generator) * draw.between(0, 0.03)[:, None, None, None]
        return picture.add_(noise).clamp_(0, 1)


class Pool:
    """Several frames of each sprite, drawn anew after so many steps: drawing all of them for each step takes as long as learning.

    which: the sprites; the frames of a step depend on the step alone."""

    def __init__(self, clips, which, views=8, steps=200):
        self.clips, self.which, self.views, self.steps, self.index = clips, which, views, steps, None

    def films(self, number, frames, step, generator):
        """Of different sprites. -> [frames, number, 3, side, side] in 0..1"""
        if self.index != step // self.steps:
            self.index = step // self.steps
            self.draw(torch.Generator().manual_seed(self.index))
        sprites = torch.randperm(len(self.which), generator=generator)[:number]
        views = torch.rand(number, self.views, generator=generator).argsort(1)[:, :frames].T
        chosen = self.pool[views, sprites[None]].float() / 255
        mirrored = torch.rand(frames, number, 1, 1, 1, generator=generator) < 0.5
        return torch.where(mirrored, chosen.flip(-1), chosen)

    def draw(self, generator):
        parts = [(self.clips.frames(part, generator) * 255).round().byte() for part in self.which.repeat(self.views).split(512)]
        self.pool = torch.cat(parts).unflatten(0, (self.views, len(self.which)))


class Draws:
    """Numbers for n pictures."""

    def __init__(self, generator, n):
        self.generator, self.n = generator, n

    def between(self, least, most, *shape):
        return least + (most - least) * torch.rand(self.n, *shape, generator=self.generator)

    def one_of(self, most):
        return torch.randint(most, (self.n,), generator=self.generator)

    def chance(self, part):
        return torch.rand(self.n, generator=self.generator) < part


def tinted(colours, opacity, draw):
    """Light, contrast, saturation, and the light's own colour."""
    grey = colours.mean(1, keepdim=True)
    colours = grey + (colours - grey) * draw.between(0.5, 1.4)[:, None, None, None]
    light = draw.between(0.65, 1.25)[:, None] * draw.between(0.88, 1.12, 3)
    dark = draw.between(-0.08, 0.12)[:, None, None, None]
    return (colours * light[:, :, None, None] + dark * opacity).clamp(min=0).minimum(opacity)
