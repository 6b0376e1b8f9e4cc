"""Pictures and names of Noto Emoji: npm `@iconify-json/noto` 1.2.9, Apache-2.0 (c) Google.

`npm pack` fetches the package from whatever registry npm is set up with; each picture is drawn once, and kept.
"""

import io
import json
import pathlib
import subprocess
import tarfile

import numpy as np

PACKAGE, LICENCE = "@iconify-json/noto@1.2.9", "Apache-2.0"
GROUPS = ["Smileys & Emotion", "Animals & Nature", "Food & Drink"]


def fetch(folder):
    """-> the package's folder below this one."""
    folder = pathlib.Path(folder)
    package = folder / "package"
    if not (package / "icons.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        name = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(folder / name) as archive:
            archive.extractall(folder, filter="data")
    licence = json.loads((package / "info.json").read_text())["license"]["spdx"]
    assert licence == LICENCE, f"licence of {PACKAGE}: {licence} (expected: {LICENCE})"
    return package


def draw(body, box, side):
    """-> [side, side, 3] bytes on white."""
    import resvg_py
    from PIL import Image

    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {box[0]} {box[1]}">{body}</svg>'
    png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, background="#ffffff")
    return np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"))


def pictures(folder, groups, side):
    """-> names, [N, side, side, 3] bytes; drawn on the first call."""
    folder = pathlib.Path(folder)
    kept = folder / f"{side}-{len(groups)}.npz"
    if not kept.exists():
        package = fetch(folder)
        icons = json.loads((package / "icons.json").read_text())
        categories = json.loads((package / "metadata.json").read_text())["categories"]
        names = [name for group in groups for name in categories[group] if name in icons["icons"]]
        box = [(icons["icons"][n].get("width", icons["width"]), icons["icons"][n].get("height", icons["height"])) for n in names]
        drawn = np.stack([draw(icons["icons"][n]["body"], b, side) for n, b in zip(names, box)])
        np.savez_compressed(kept, names=np.array(names), pictures=drawn)
    found = np.load(kept)
    return [str(n).replace("-", " ") for n in found["names"]], found["pictures"]
