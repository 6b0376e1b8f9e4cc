"""Trains the U-Net of models/emoji and writes it as ONNX; text encoder and autoencoder are the shipped ones.

    python models/training/emoji.py --data DATA --out OUT [--minutes 80] [--precision fp32 | bf16 | fp16] [--steps 6900]

Goes on from DATA/checkpoint-PRECISION.pt. Latents of the pictures by models/emoji/vae_encoder, vectors of four captions each
by models/emoji/text_encoder; v-prediction (Salimans & Ho 2022) over 1000 steps of linear beta, one timestep in each part of a
batch, an empty caption in a tenth of the cases, for guidance (Ho & Salimans 2022). Needs torch, numpy, pillow, resvg_py,
onnxruntime, tokenizers, npm; onnx and onnxscript to write the graph.
"""

import os
import pathlib

import numpy as np
import torch

import data
import loop
from nets import TextUnet

SHIPPED = pathlib.Path(__file__).resolve().parents[1] / "emoji"
BATCH, RATE, EMPTY = 32, 1e-3, 0.1
ALPHAS = torch.from_numpy(np.cumprod(1 - np.linspace(1e-4, 0.02, 1000)))


def captions(name):
    return [name, f"{name} emoji", f"an emoji of {name}", f"{name}, noto style"]


def session(part, folder=SHIPPED):
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    return onnxruntime.InferenceSession(folder / part / "model.onnx", options, providers=["CPUExecutionProvider"])


def vectors(texts):
    """-> [texts, 16, 384]"""
    from tokenizers import Tokenizer

    tokenizer, encoder = Tokenizer.from_file(str(SHIPPED / "tokenizer" / "tokenizer.json")), session("text_encoder")
    out = []
    for start in range(0, len(texts), 64):
        encoded = tokenizer.encode_batch(texts[start:start + 64])
        feeds = {"input_ids": np.array([e.ids for e in encoded], np.int64), "attention_mask": np.array([e.attention_mask for e in encoded], np.int64)}
        out.append(encoder.run(["last_hidden_state"], feeds)[0])
    return np.concatenate(out)


def latents(pictures):
    """[N, 64, 64, 3] bytes -> [N, 8, 16, 16]"""
    encoder = session("vae_encoder")
    parts = (pictures[i:i + 64].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1 for i in range(0, len(pictures), 64))
    return np.concatenate([encoder.run(None, {"sample": part})[0] for part in parts])


def learnt(folder):
    """-> latents [N, 8, 16, 16], text [N, 4, 16, 384], the empty text [16, 384]; computed once."""
    kept = pathlib.Path(folder) / "emoji.npz"
    if not kept.exists():
        names, pictures = data.pictures(folder, data.GROUPS, 64)
        text = vectors([c for n in names for c in captions(n)]).reshape(len(names), 4, 16, 384)
        np.savez(kept, latents=latents(pictures), text=text.astype(np.float16), empty=vectors([""])[0])
    found = np.load(kept)
    return tuple(torch.from_numpy(found[name].astype(np.float32)) for name in ("latents", "text", "empty"))


def loss_of(model, latents, text, empty, batch=BATCH):
    def loss(run, generator):
        draw = lambda f, *shape: f(*shape, generator=generator)
        chosen = torch.randint(len(latents), (batch,), generator=generator)
        caption = torch.randint(text.shape[1], (batch,), generator=generator)
        told = torch.where(draw(torch.rand, batch, 1, 1) < EMPTY, empty[None], text[chosen, caption])
        t = ((torch.arange(batch) + draw(torch.rand, batch)) / batch * 1000).long().clamp(0, 999)
        noise = draw(torch.randn, batch, *latents.shape[1:])
        a, s = (f[:, None, None, None].float() for f in (ALPHAS[t].sqrt(), (1 - ALPHAS[t]).sqrt()))
        clean = latents[chosen]
        device = next(model.parameters()).device
        x, wanted, t, told = (f.to(device) for f in (a * clean + s * noise, a * noise - s * clean, t, told))
        x, told = run.precision.inputs(x, told)
        return ((model(x, t.float(), told).float() - wanted) ** 2).mean()

    return loss


def export(model, file):
    example = (torch.rand(2, 8, 16, 16), torch.tensor([3.0, 900.0]), torch.rand(2, 16, 384))
    loop.export(model, example, file, ["sample", "timestep", "encoder_hidden_states"], "out_sample")


if __name__ == "__main__":
    loop.recipe(__doc__, 80, 6900, RATE, TextUnet, lambda model, data: loss_of(model, *learnt(data)), export)
