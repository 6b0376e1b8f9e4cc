"""Noto Emoji in other colours, named by their colour word: what teaches a model that a colour and a thing are two things.

In OKLab (Ottosson 2020). The area of a picture's main hue takes the hue and chroma of the new colour; its lightness goes
through a rising map, so that outlines stay dark and highlights light; other hues (leaves, tongues) stay. A picture without
colour is tinted wherever it is not background.
"""

import pathlib

import numpy as np

import data

COLOURS = {
    "red": (222, 45, 45), "orange": (243, 140, 35), "yellow": (252, 210, 55), "green": (60, 170, 75), "blue": (45, 110, 225),
    "purple": (140, 70, 190), "pink": (246, 130, 180), "brown": (130, 80, 45), "black": (45, 45, 48), "white": (240, 240, 240),
    "grey": (140, 140, 145),
}
COLOURFUL = 0.06  # chroma from which a pixel counts
ITS_OWN = 6.0  # mean change of the picture's foreground in 0..255, below which it had the colour already
TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])
TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]])


def lab_of(rgb):
    """[..., 3] in 0..255 -> lightness, a, b"""
    c = np.asarray(rgb) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ TO_LMS.T) @ TO_LAB.T


def rgb_of(lab):
    linear = ((lab @ np.linalg.inv(TO_LAB).T) ** 3) @ np.linalg.inv(TO_LMS).T
    c = np.clip(linear, 0, 1)
    return np.rint(255 * np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)).astype(np.uint8)


def background(picture):
    """White that is reached from the edge. -> [H, W]"""
    white = (picture >= 250).all(-1)
    reached = np.zeros_like(white)
    reached[[0, -1]], reached[:, [0, -1]] = white[[0, -1]], white[:, [0, -1]]
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= white
        if (grown == reached).all():
            return reached
        reached = grown


def main_area(lab, thing):
    """How far each pixel belongs to the main hue, 0..1. [H, W]"""
    chroma, hue = np.hypot(lab[..., 1], lab[..., 2]), np.arctan2(lab[..., 2], lab[..., 1])
    colourful = thing & (chroma > COLOURFUL)
    if colourful.sum() < 0.1 * thing.sum():
        return thing.astype(float)
    near = lambda of, width: np.exp(-((np.angle(np.exp(1j * (of[..., None] - np.linspace(-np.pi, np.pi, 72, False)))) / width) ** 2))
    main = np.argmax((near(hue[colourful], 0.3) * chroma[colourful][:, None]).sum(0)) * 2 * np.pi / 72 - np.pi
    away = np.abs(np.angle(np.exp(1j * (hue - main))))
    return thing * np.clip((0.9 - away) / 0.4, 0, 1) * np.clip(chroma / COLOURFUL, 0, 1)


def recoloured(picture, colour):
    """[H, W, 3] bytes in the colour of this name; None where it has it already."""
    thing = ~background(picture)
    lab, target = lab_of(picture), lab_of(COLOURS[colour])
    part = main_area(lab, thing)[..., None]
    middle = np.clip(np.median(lab[..., 0][part[..., 0] > 0.5]), 0.1, 0.95)
    light = lab[..., 0]
    light = np.where(light < middle, light * target[0] / middle, 1 - (1 - light) * (1 - target[0]) / (1 - middle))
    # less chroma towards black and white, as light and pigment have it
    fading = np.clip(np.minimum(light / target[0], (1 - light) / (1 - target[0])), 0, 1) ** 0.7
    new = np.stack((light, target[1] * fading, target[2] * fading), -1)
    drawn = rgb_of(part * new + (1 - part) * lab)
    change = np.abs(drawn.astype(float) - picture)[thing].mean()
    return None if change < ITS_OWN else drawn


def named(name, colour):
    """What the thing is called in this colour: a colour word that it has gives way."""
    rest = [word for word in name.split() if word not in COLOURS]
    return " ".join([colour, *rest])


def pictures(folder):
    """-> names with their colour, the thing's number in data.pictures, [N, 64, 64, 3] bytes; drawn on the first call."""
    kept = pathlib.Path(folder) / "recoloured.npz"
    if not kept.exists():
        names, plain = data.pictures(folder, data.GROUPS, 64)
        found = [
            (named(name, colour), i, drawn)
            for i, (name, picture) in enumerate(zip(names, plain))
            for colour in COLOURS
            # a name that there is keeps its own picture
            if named(name, colour) not in names and (drawn := recoloured(picture, colour)) is not None
        ]
        texts, things, drawn = zip(*found)
        np.savez_compressed(kept, names=np.array(texts), things=np.array(things), pictures=np.stack(drawn))
    found = np.load(kept)
    return [str(n) for n in found["names"]], found["things"], found["pictures"]
