"""The emoji model by a bare loop: tokenizers, ONNX Runtime with one thread, numpy; PNG by zlib. A line is a seed and a prompt."""

import json
import pathlib
import struct
import sys
import zlib

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

folder, steps = pathlib.Path(sys.argv[1]), int(sys.argv[2])
options = ort.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
text, unet, decoder = (ort.InferenceSession(folder / part / "model.onnx", options, providers=["CPUExecutionProvider"]) for part in ("text_encoder", "unet", "vae_decoder"))
tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
schedule = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
alphas = np.cumprod(1 - np.linspace(schedule["beta_start"], schedule["beta_end"], schedule["num_train_timesteps"]))
timesteps = np.round(np.arange(1000, 0, -1000 / steps)).astype(int) - 1
wants = {i.name: i for i in text.get_inputs()}
integer = np.int32 if "int32" in wants["input_ids"].type else np.int64
time_type = np.float32 if "float" in next(i.type for i in unet.get_inputs() if i.name == "timestep") else np.int64


def draw(prompt, seed):
    encoded = [tokenizer.encode(t) for t in ("", prompt)]
    feeds = {"input_ids": np.array([e.ids for e in encoded], integer), "attention_mask": np.array([e.attention_mask for e in encoded], integer)}
    states = text.run(["last_hidden_state"], {k: v for k, v in feeds.items() if k in wants})[0]
    x = np.random.default_rng(seed).standard_normal((1, 8, 16, 16)).astype(np.float32)
    for i, t in enumerate(timesteps):
        v = unet.run(None, {"sample": np.concatenate((x, x)), "timestep": np.full(2, t, time_type), "encoder_hidden_states": states})[0]
        v = v[:1] + 3 * (v[1:] - v[:1])
        a, s = np.sqrt(alphas[t]), np.sqrt(1 - alphas[t])
        data, noise = a * x - s * v, s * x + a * v
        after = alphas[timesteps[i + 1]] if i + 1 < steps else 1
        x = (np.sqrt(after) * data + np.sqrt(1 - after) * noise).astype(np.float32)
    pixels = decoder.run(None, {"latent_sample": x})[0][0]
    return png(np.clip(np.rint((pixels + 1) * 127.5), 0, 255).astype(np.uint8).transpose(1, 2, 0))


def png(rgb):
    rows = b"".join(b"\0" + row.tobytes() for row in rgb)
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", rgb.shape[1], rgb.shape[0], 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


print(f"text to PNG in Python, onnxruntime {ort.__version__}, the same files", flush=True)
for line in sys.stdin:
    seed, prompt = line.rstrip("\n").split(" ", 1)
    assert draw(prompt, int(seed)).startswith(b"\x89PNG")
    print("done", flush=True)
