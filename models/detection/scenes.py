"""Synthetic scenes with their boxes: emoji, turned, scaled and tinted, over pieces of photographs.

Sprites are files named by code point (`1f34e.webp`), as npm `@lobehub/fluent-emoji-3d` has them; photographs are any
pictures. A quarter of each class's sprites and of the photographs is held out: validation sees none that training saw.
"""

import pathlib

import numpy as np
from PIL import Image, ImageEnhance

SIDE = 128
CLASSES = {
    "fruit": "1f34e 1f34f 1f350 1f34a 1f34b 1f347 1f353 1f352 1f351 1f96d 1f349 1f348 1f34d 1f95d 1fad0 1f965",
    "face": "1f600 1f603 1f604 1f606 1f609 1f60a 1f60e 1f610 1f61b 1f621 1f622 1f628 1f634 1f637 1f92a 1f970",
    "animal face": "1f431 1f436 1f42d 1f439 1f430 1f43b 1f43c 1f428 1f42f 1f981 1f42e 1f437 1f438 1f435 1f98a 1f43a",
    "ball": "26bd 1f3c0 1f3c8 26be 1f94e 1f3be 1f3d0 1f3b1",
    "heart": "2764-fe0f 1f9e1 1f49b 1f49a 1f499 1f49c 1f90e 1f5a4 1f90d 1f496 1f497 1f493",
    "vehicle": "1f697 1f695 1f699 1f68c 1f693 1f691 1f692 1f690 1f69a 1f69b 1f69c 1f6fb",
    "flower": "1f33b 1f337 1f339 1f33a 1f338 1f33c 1f490 1fab7",
    "book": "1f4d5 1f4d7 1f4d8 1f4d9 1f4d4 1f4d2 1f4d3 1f4da",
    "sea animal": "1f41f 1f420 1f421 1f988 1f419 1f991 1f990 1f99e 1f980 1f42c 1f433 1f40b",
    "drink": "2615 1f375 1f37a 1f377 1f378 1f379 1f964 1f9c3 1f95b 1f376 1f943 1f9cb",
}
NAMES = list(CLASSES)
HELD_OUT = 4  # each fourth


def split(items, validation):
    return [item for i, item in enumerate(items) if (i % HELD_OUT == HELD_OUT - 1) == validation]


class Scenes:
    """Scene `i` of a seed is always the same."""

    def __init__(self, sprites, photographs, validation, seed):
        self.validation, self.seed = validation, seed
        files = {path.stem: path for path in pathlib.Path(sprites).iterdir()}
        self.sprites = []
        for name, codes in CLASSES.items():
            found = [Image.open(files[code]).convert("RGBA") for code in split(codes.split(), validation) if code in files]
            if not found:
                raise SystemExit(f"{sprites}: no sprite of class {name} (expected: files named by code point, as {codes.split()[0]}.webp)")
            self.sprites.append([trimmed(sprite) for sprite in found])
        paths = sorted(p for p in pathlib.Path(photographs).iterdir() if p.suffix in (".png", ".jpg", ".jpeg"))
        self.photographs = [Image.open(path).convert("RGB") for path in split(paths, validation)]
        if not self.photographs:
            raise SystemExit(f"{photographs}: {len(paths)} pictures (expected: {HELD_OUT} at least)")

    def scene(self, i):
        """-> uint8 [128, 128, 3], boxes float32 [n, 4] as corners in pixels, classes int64 [n] from 0."""
        random = np.random.default_rng((self.seed, int(self.validation), i))
        picture = self.ground(random)
        boxes, classes = [], []
        for _ in range(random.integers(1, 5)):
            c = int(random.integers(len(NAMES)))
            sprite = self.changed(self.sprites[c][random.integers(len(self.sprites[c]))], random)
            x, y = (int(random.integers(0, SIDE - size + 1)) for size in sprite.size)
            box = [x, y, x + sprite.width, y + sprite.height]
            if all(overlap(box, other) < 0.2 for other in boxes):
                picture.paste(sprite, (x, y), sprite)
                boxes.append(box)
                classes.append(c)
        noise = random.normal(0, random.uniform(0, 8), (SIDE, SIDE, 3))
        pixels = np.clip(np.asarray(picture) + noise, 0, 255).round().astype(np.uint8)
        return pixels, np.array(boxes, np.float32), np.array(classes, np.int64)

    def ground(self, random):
        photograph = self.photographs[random.integers(len(self.photographs))]
        side = int(min(photograph.size) * random.uniform(0.3, 1))
        x, y = (int(random.integers(0, size - side + 1)) for size in photograph.size)
        piece = photograph.crop((x, y, x + side, y + side)).resize((SIDE, SIDE), Image.BILINEAR)
        return ImageEnhance.Brightness(piece).enhance(random.uniform(0.6, 1.3))

    @staticmethod
    def changed(sprite, random):
        side = int(random.integers(22, 68))
        scale = side / max(sprite.size)
        sprite = sprite.resize(tuple(max(4, round(s * scale)) for s in sprite.size), Image.BILINEAR)
        if random.random() < 0.5:
            sprite = sprite.transpose(Image.FLIP_LEFT_RIGHT)
        sprite = trimmed(sprite.rotate(random.uniform(-25, 25), Image.BILINEAR, expand=True))
        alpha = sprite.getchannel("A")
        sprite = ImageEnhance.Color(sprite).enhance(random.uniform(0.5, 1.5))
        sprite = ImageEnhance.Brightness(sprite).enhance(random.uniform(0.7, 1.3))
        sprite.putalpha(alpha)
        return sprite if max(sprite.size) <= SIDE else sprite.crop((0, 0, SIDE, SIDE))


def trimmed(sprite):
    return sprite.crop(sprite.getchannel("A").point(lambda a: 255 * (a > 40)).getbbox())


def overlap(a, b):
    """Of two boxes, as part of the smaller one."""
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    return width * height / min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
