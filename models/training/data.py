"""Pictures of emoji from npm, and their names: `@iconify-json/noto` 1.2.9, Noto Emoji, Apache-2.0 (c) Google, and
`@lobehub/fluent-emoji-3d` 1.1.0, Fluent Emoji, MIT (c) Microsoft.

`npm pack` fetches the packages from whatever registry npm is set up with; each picture is drawn once, and kept.
"""

import io
import json
import pathlib
import subprocess
import tarfile

import numpy as np

NOTO, FLUENT = "@iconify-json/noto@1.2.9", "@lobehub/fluent-emoji-3d@1.1.0"
LICENCES = {NOTO: "Apache-2.0", FLUENT: "MIT"}
GROUPS = ["Smileys & Emotion", "Animals & Nature", "Food & Drink"]


def fetch(folder, package=NOTO):
    """-> the package's folder below this one."""
    folder = pathlib.Path(folder)
    here = folder / package.split("/")[1].split("@")[0]
    if not (here / "package" / "package.json").exists():
        here.mkdir(parents=True, exist_ok=True)
        name = subprocess.run(["npm", "pack", "--silent", package], cwd=here, check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(here / name) as archive:
            archive.extractall(here, filter="data")
    told = json.loads((here / "package" / "package.json").read_text())["license"]
    assert told == LICENCES[package], f"licence of {package}: {told} (expected: {LICENCES[package]})"
    return here / "package"


def draw(body, box, side, ground="#ffffff"):
    """-> a picture on this ground, or on none."""
    import resvg_py
    from PIL import Image

    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {box[0]} {box[1]}">{body}</svg>'
    png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, background=ground)
    return Image.open(io.BytesIO(bytes(png)))


def drawing(icons, name):
    """-> its SVG and the sides of its box."""
    icon = icons["icons"][name]
    return icon["body"], (icon.get("width", icons["width"]), icon.get("height", icons["height"]))


def pictures(folder, groups, side):
    """-> names, [N, side, side, 3] bytes; drawn on the first call."""
    folder = pathlib.Path(folder)
    kept = folder / f"{side}-{len(groups)}.npz"
    if not kept.exists():
        package = fetch(folder)
        icons = json.loads((package / "icons.json").read_text())
        categories = json.loads((package / "metadata.json").read_text())["categories"]
        names = [name for group in groups for name in categories[group] if name in icons["icons"]]
        drawn = np.stack([np.asarray(draw(*drawing(icons, n), side).convert("RGB")) for n in names])
        np.savez_compressed(kept, names=np.array(names), pictures=drawn)
    found = np.load(kept)
    return [str(n).replace("-", " ") for n in found["names"]], found["pictures"]


def sprites(folder, side):
    """Of both packages, without tones of skin and without joined emoji, which differ in little.

    -> code points [N] as `1f34e`, [N, side, side, 4] bytes, cut to what is drawn; drawn on the first call."""
    folder = pathlib.Path(folder)
    kept = folder / f"sprites-{side}.npz"
    if not kept.exists():
        noto, fluent = fetch(folder, NOTO), fetch(folder, FLUENT) / "assets"
        icons, names = (json.loads((noto / file).read_text()) for file in ("icons.json", "chars.json"))
        drawings = [(code, draw(*drawing(icons, name), side, None)) for code, name in names.items() if single(code) and name in icons["icons"]]
        drawings += [(path.stem, path) for path in fluent.iterdir() if single(path.stem)]
        drawings.sort(key=lambda one: (plain(one[0]), isinstance(one[1], pathlib.Path)))
        np.savez_compressed(kept, codes=np.array([plain(code) for code, _ in drawings]), sprites=np.stack([cut(drawing, side) for _, drawing in drawings]))
    found = np.load(kept)
    return [str(code) for code in found["codes"]], found["sprites"]


def plain(code):
    return code.replace("-fe0f", "")


def single(code):
    return "200d" not in code and not any(f"1f3f{tone}" in code for tone in "bcdef")


def cut(picture, side):
    """To what is drawn, in the middle of a square. -> [side, side, 4] bytes"""
    from PIL import Image

    picture = (Image.open(picture) if isinstance(picture, pathlib.Path) else picture).convert("RGBA")
    picture = picture.crop(picture.getchannel("A").point(lambda a: 255 * (a > 40)).getbbox())
    square = Image.new("RGBA", (max(picture.size), max(picture.size)))
    square.paste(picture, tuple((max(picture.size) - s) // 2 for s in picture.size))
    return np.asarray(square.resize((side, side), Image.LANCZOS))
