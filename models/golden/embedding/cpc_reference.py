"""Writes cpc.png and cpc.json: 64 sprites that the image encoder has not seen, each in two frames, and PyTorch's vectors of them.

    python models/golden/embedding/cpc_reference.py --data DATA --precision bf16      # of models/training/cpc.py
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "training"))

import cpc
import loop

SPRITES, TOLD = 64, 16

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", required=True)
    asked.add_argument("--precision", default="fp32")
    asked = asked.parse_args()
    clips, known, held = cpc.learnt(asked.data)
    model = cpc.Cpc()
    encoder = loop.Run(model, None, 0, 1, asked.data, asked.precision).resume().averaged().encoder
    encoder = encoder.settled(cpc.usual(clips, known))
    chosen = held[torch.linspace(0, len(held) - 1, SPRITES).round().long()]
    generator = torch.Generator().manual_seed(2)
    rows = [(clips.frames(chosen, generator) * 255).round() for _ in range(2)]
    sheet = torch.stack(rows).permute(0, 3, 1, 4, 2).reshape(2 * cpc.SIDE, SPRITES * cpc.SIDE, 3)
    Image.fromarray(sheet.numpy().astype(np.uint8)).save(HERE / "cpc.png", optimize=True)
    with torch.no_grad():
        vectors = [[round(float(v), 7) for v in vector] for vector in encoder(rows[0][:TOLD] / 255)]
    about = {"torch": torch.__version__, "side": cpc.SIDE, "sprites": SPRITES, "tolerance": 1e-4}
    (HERE / "cpc.json").write_text(json.dumps({**about, "vectors": vectors}))
