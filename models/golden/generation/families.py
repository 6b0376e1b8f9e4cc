"""Writes families/: folders in diffusers' ONNX layout of the families of pipelines, with graphs of a few operators and random
weights, and what each network answers by ONNX Runtime when it is told what diffusers tells it.

pip install onnx==1.23.2 onnxruntime==1.32.0 numpy; python models/golden/generation/families.py
Licence: Apache-2.0. The conditioning is that of diffusers 0.42.1: pipeline_stable_diffusion_xl.py (encode_prompt, add_time_ids),
pipeline_stable_diffusion_3.py (encode_prompt), pipeline_latent_consistency_text2img.py (get_guidance_scale_embedding).
"""

import json
import os
import pathlib
import shutil

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

HERE = pathlib.Path(__file__).parent / "families"
RNG = np.random.default_rng(20261128)
TOKENS = 12
SIZE = (24, 16)  # width, height in pixels; a latent spans two
TEXTS = ["", "red owl", "a"]
GUIDANCE = 7.5


def byte_alphabet():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


def tokenizer(folder, pad):
    folder.mkdir(parents=True)
    merges = ["r e", "re d</w>", "o w", "ow l</w>"]
    symbols = list(byte_alphabet().values())
    vocab = symbols + [s + "</w>" for s in symbols] + [m.replace(" ", "") for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({s: i for i, s in enumerate(vocab)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": TOKENS, "pad_token": pad}))
    ids = {s: i for i, s in enumerate(vocab)}

    def encode(text):
        words = {"": [], "red owl": ["red</w>", "owl</w>"], "a": ["a</w>"]}[text]
        framed = [ids["<|startoftext|>"], *(ids[w] for w in words), ids["<|endoftext|>"]]
        return framed + [ids[pad]] * (TOKENS - len(framed))

    return encode, len(vocab)


def weight(name, *shape):
    return nh.from_array((RNG.standard_normal(shape) * 0.5).astype(np.float32), name)


def save(path, nodes, inputs, outputs, weights, external=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    info = lambda items: [h.make_tensor_value_info(n, t, s) for n, t, s in items]
    graph = h.make_graph(nodes, "g", info(inputs), info(outputs), weights)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    if external:
        onnx.save(model, path, save_as_external_data=True, location="model.onnx_data", size_threshold=90)
    else:
        onnx.save(model, path)


def text_encoder(folder, vocabulary, width, pooled, ids_type):
    n = h.make_node
    nodes = [n("Gather", ["table", "input_ids"], ["hidden_states.0"]), n("MatMul", ["hidden_states.0", "w1"], ["a1"]), n("Tanh", ["a1"], ["hidden_states.1"]),
             n("MatMul", ["hidden_states.1", "w2"], ["a2"]), n("Tanh", ["a2"], ["hidden_states.2"]), n("Mul", ["hidden_states.2", "half"], ["last_hidden_state"])]
    outputs = [("last_hidden_state", T.FLOAT, ["b", "n", width])] + [(f"hidden_states.{i}", T.FLOAT, ["b", "n", width]) for i in range(3)]
    weights = [weight("table", vocabulary, width), weight("w1", width, width), weight("w2", width, width), nh.from_array(np.float32(0.5), "half")]
    if pooled:
        nodes += [n("ReduceMean", ["last_hidden_state"], ["mean"], axes=[1], keepdims=0), n("MatMul", ["mean", "p"], ["text_embeds"])]
        outputs.append(("text_embeds", T.FLOAT, ["b", pooled]))
        weights.append(weight("p", width, pooled))
    save(folder / "model.onnx", nodes, [("input_ids", ids_type, ["b", "n"])], outputs, weights)


def vae(folder):
    n = h.make_node
    save(folder / "vae_decoder/model.onnx", [n("ConvTranspose", ["latent_sample", "w"], ["a"], strides=[2, 2]), n("Tanh", ["a"], ["sample"])],
         [("latent_sample", T.FLOAT, ["b", 4, "h", "w"])], [("sample", T.FLOAT, ["b", 3, "H", "W"])], [weight("w", 4, 3, 2, 2)])
    (folder / "vae_decoder/config.json").write_text(json.dumps({"latent_channels": 4, "out_channels": 3, "block_out_channels": [8, 8], "scaling_factor": 0.13, "shift_factor": 0.06}))


def network(folder, sample, time, conditions, half=False, external=False):
    """out = sample / 10 + sum over the conditions of (mean over tokens) @ W, + sin(t / 1000), for each channel."""
    n = h.make_node
    number = T.FLOAT16 if half else T.FLOAT
    time_type, time_shape = time
    nodes, weights = [], [nh.from_array(np.float32(0.1), "tenth"), nh.from_array(np.float32(0.001), "milli"), nh.from_array(np.array([2, 3]), "axes"), nh.from_array(np.array([-1, 1]), "column")]
    cast = lambda name: nodes.append(n("Cast", [name], [name + ".f"], to=T.FLOAT)) or name + ".f"
    nodes.append(n("Mul", [cast(sample), "tenth"], ["sum.0"]))
    terms = []
    for name, (rank, width, scale) in conditions.items():
        value = cast(name)
        if rank == 3:
            nodes.append(n("ReduceMean", [value], [name + ".m"], axes=[1], keepdims=0))
            value = name + ".m"
        weights.append(nh.from_array((RNG.standard_normal((width, 4)) * scale).astype(np.float32), name + ".w"))
        nodes += [n("MatMul", [value, name + ".w"], [name + ".t"]), n("Unsqueeze", [name + ".t", "axes"], [name + ".u"])]
        terms.append(name + ".u")
    nodes += [n("Mul", [cast("timestep"), "milli"], ["t.s"]), n("Sin", ["t.s"], ["t.sin"]), n("Reshape", ["t.sin", "column"], ["t.c"]), n("Unsqueeze", ["t.c", "axes"], ["t.u"])]
    for i, term in enumerate([*terms, "t.u"]):
        nodes.append(n("Add", [f"sum.{i}", term], [f"sum.{i + 1}"]))
    nodes.append(n("Cast", [f"sum.{len(terms) + 1}"], ["out_sample"], to=number))
    inputs = [(sample, number, ["b", 4, "h", "w"]), ("timestep", time_type, time_shape)]
    inputs += [(name, number, ["b", "n", width] if rank == 3 else ["b", width]) for name, (rank, width, _) in conditions.items()]
    save(folder / "model.onnx", nodes, inputs, [("out_sample", number, ["b", 4, "h", "w"])], weights, external)


def start(name, index):
    folder = HERE / name
    folder.mkdir(parents=True)
    (folder / "model_index.json").write_text(json.dumps({"scheduler": ["diffusers", "DDIMScheduler"], "tokenizer": ["transformers", "CLIPTokenizer"], **index}))
    (folder / "scheduler").mkdir()
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps({"_class_name": "DDIMScheduler", "clip_sample": False, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}))
    vae(folder)
    return folder


def run(path, feeds):
    session = ort.InferenceSession(str(path))
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds)))


def config(folder, **fields):
    (folder / "config.json").write_text(json.dumps({"in_channels": 4, "out_channels": 4, "sample_size": 8, **fields}))


def answer(folder, sample, time, conditions, half=False):
    x = RNG.standard_normal((len(TEXTS), 4, SIZE[1] // 2, SIZE[0] // 2)).astype(np.float32)
    number = np.float16 if half else np.float32
    feeds = {sample: x.astype(number), "timestep": time, **{k: v.astype(number) for k, v in conditions.items()}}
    out = run(folder / "model.onnx", feeds)["out_sample"].astype(np.float32)
    return {"x": [float(v) for v in x.ravel()], "out": [float(v) for v in out.ravel()]}


def xl(half):
    name = "xl-half" if half else "xl"
    folder = start(name, {"_class_name": "ORTStableDiffusionXLPipeline" if half else "StableDiffusionXLPipeline", "force_zeros_for_empty_prompt": True})
    first, size1 = tokenizer(folder / "tokenizer", "<|endoftext|>")
    second, size2 = tokenizer(folder / "tokenizer_2", "!")
    text_encoder(folder / "text_encoder", size1, 6, 0, T.INT32)
    text_encoder(folder / "text_encoder_2", size2, 10, 7, T.INT32)
    conditions = {"encoder_hidden_states": (3, 16, 0.5), "text_embeds": (2, 7, 0.5), "time_ids": (2, 6, 0.01)}
    network(folder / "unet", "sample", (T.INT64, []), conditions, half, external=half)
    config(folder / "unet", cross_attention_dim=16, block_out_channels=[8, 8])
    one = run(folder / "text_encoder/model.onnx", {"input_ids": np.array([first(t) for t in TEXTS], np.int32)})
    two = run(folder / "text_encoder_2/model.onnx", {"input_ids": np.array([second(t) for t in TEXTS], np.int32)})
    states = np.concatenate([one["hidden_states.1"], two["hidden_states.1"]], -1)
    pooled = two["text_embeds"].copy()
    states[0], pooled[0] = 0, 0  # the empty text
    ids = np.tile(np.float32([SIZE[1], SIZE[0], 0, 0, SIZE[1], SIZE[0]]), (len(TEXTS), 1))
    return name, answer(folder / "unet", "sample", np.array(321), {"encoder_hidden_states": states, "text_embeds": pooled, "time_ids": ids}, half)


def lcm():
    folder = start("lcm", {"_class_name": "LatentConsistencyModelPipeline"})
    encode, size = tokenizer(folder / "tokenizer", "<|endoftext|>")
    text_encoder(folder / "text_encoder", size, 6, 0, T.INT64)
    network(folder / "unet", "sample", (T.FLOAT, ["b"]), {"encoder_hidden_states": (3, 6, 0.5), "timestep_cond": (2, 8, 0.5)})
    config(folder / "unet", cross_attention_dim=6, time_cond_proj_dim=8, block_out_channels=[8, 8])
    states = run(folder / "text_encoder/model.onnx", {"input_ids": np.array([encode(t) for t in TEXTS])})["last_hidden_state"]
    angles = (GUIDANCE - 1) * 1000 * np.exp(np.arange(4) * -(np.log(10000.0) / 3))
    cond = np.tile(np.concatenate([np.sin(angles), np.cos(angles)]).astype(np.float32), (len(TEXTS), 1))
    return "lcm", answer(folder / "unet", "sample", np.full(len(TEXTS), 321, np.float32), {"encoder_hidden_states": states, "timestep_cond": cond})


def three():
    folder = start("sd3", {"_class_name": "StableDiffusion3Pipeline", "text_encoder_3": [None, None]})
    first, size1 = tokenizer(folder / "tokenizer", "<|endoftext|>")
    second, size2 = tokenizer(folder / "tokenizer_2", "!")
    text_encoder(folder / "text_encoder", size1, 6, 5, T.INT64)
    text_encoder(folder / "text_encoder_2", size2, 10, 7, T.INT64)
    network(folder / "transformer", "hidden_states", (T.FLOAT, ["b"]), {"encoder_hidden_states": (3, 20, 5), "pooled_projections": (2, 12, 0.5)})
    config(folder / "transformer", joint_attention_dim=20, patch_size=2)
    one = run(folder / "text_encoder/model.onnx", {"input_ids": np.array([first(t) for t in TEXTS])})
    two = run(folder / "text_encoder_2/model.onnx", {"input_ids": np.array([second(t) for t in TEXTS])})
    states = np.zeros((len(TEXTS), TOKENS + 256, 20), np.float32)
    states[:, :TOKENS, :16] = np.concatenate([one["hidden_states.1"], two["hidden_states.1"]], -1)
    pooled = np.concatenate([one["text_embeds"], two["text_embeds"]], -1)
    return "sd3", answer(folder / "transformer", "hidden_states", np.full(len(TEXTS), 321, np.float32), {"encoder_hidden_states": states, "pooled_projections": pooled})


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    answers = dict([xl(False), xl(True), lcm(), three()])
    head = {"about": "What the networks of these folders answer for x at timestep 321, told of three texts", "texts": TEXTS, "guidance": GUIDANCE, "size": SIZE}
    (HERE / "answers.json").write_text(json.dumps({**head, "answers": answers}))


if __name__ == "__main__":
    main()
