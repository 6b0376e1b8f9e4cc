"""Heights as PyPI adaptive-terrain-diffusion 0.4.2 (MIT) makes them, of Tern's noise: writes heightfield.json, and
heightfield/model.onnx, a graph of the same ends whose answer is a closed form.

    pip install adaptive-terrain-diffusion==0.4.2 onnxruntime onnx; python heightfield_reference.py

One step is the package's own `generate`. Several are algorithm 1 of Song et al. 2023 around the package's network, at the
levels that the file tells. Metres above the lowest point, at every fourth row and column.
"""

import base64
import hashlib
import json
import math
import pathlib

import numpy as np
import onnx
import terrain_diffusion
from onnx import TensorProto, helper

import noise_reference

HERE = pathlib.Path(__file__).parent
SEED, LEVELS = 7, 1000


class Noise:
    """In the place of numpy's generator."""

    def standard_normal(self, shape, dtype):
        return noise(0).astype(dtype).reshape(shape)


def noise(step):
    return np.array(noise_reference.normal(SEED, 0, step, 128 * 128), np.float32).reshape(1, 1, 128, 128)


def sigma(timestep, most, least):
    return least * (most / least) ** (timestep / (LEVELS - 1))


def several(generator, difficulty, steps):
    """-> sigmas, heights"""
    most, least = generator.sigma_max, generator.sigma_min
    sigmas = [sigma(round(LEVELS - i * LEVELS / steps) - 1, most, least) for i in range(steps)]
    labels = np.array([(difficulty - 1) / 99], np.float32)
    x = noise(0) * np.float32(sigmas[0])
    for i, (here, after) in enumerate(zip(sigmas, [*sigmas[1:], None])):
        data = generator._denoise(x, np.array([here]), labels)
        if after is not None:
            x = data + np.float32(math.sqrt(after**2 - least**2)) * noise(i + 1)
    return sigmas, generator._from_model_space(data, zero_floor=True)


def case(difficulty, sigmas, heights):
    rows = np.ascontiguousarray(heights[0, ::4, ::4], np.float32)
    return {"difficulty": difficulty, "sigmas": sigmas, "metres": base64.b64encode(rows.tobytes()).decode()}


def closed_form():
    """denoised = noisy / (1 + sigma^2) + 2 difficulty - 1, of 8 x 8"""
    line = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch"])
    map_ = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 1, 8, 8])
    number = lambda name, value: helper.make_tensor(name, TensorProto.FLOAT, [1], [value])
    nodes = [
        helper.make_node("Mul", ["sigma", "sigma"], ["square"]),
        helper.make_node("Add", ["square", "one"], ["power"]),
        helper.make_node("Reshape", ["power", "shape"], ["powers"]),
        helper.make_node("Div", ["noisy", "powers"], ["near"]),
        helper.make_node("Mul", ["difficulty", "two"], ["twice"]),
        helper.make_node("Sub", ["twice", "one"], ["level"]),
        helper.make_node("Reshape", ["level", "shape"], ["levels"]),
        helper.make_node("Add", ["near", "levels"], ["denoised"]),
    ]
    constants = [number("one", 1), number("two", 2), helper.make_tensor("shape", TensorProto.INT64, [4], [-1, 1, 1, 1])]
    graph = helper.make_graph(nodes, "heights", [map_("noisy"), line("sigma"), line("difficulty")], [map_("denoised")], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / "heightfield" / "model.onnx")


if __name__ == "__main__":
    closed_form()
    generator = terrain_diffusion.TerrainGenerator(device="cpu")
    generator._rng = lambda seed: Noise()
    cases = [case(d, [generator.sigma_max], generator.generate(1, difficulty=d)) for d in (1, 50, 100)]
    cases.append(case(75, *several(generator, 75, 3)))
    weights = hashlib.sha256(pathlib.Path(generator.model_path).read_bytes()).hexdigest()
    report = {"about": __doc__, "sha256": weights, "seed": SEED, "tolerance_metres": 2e-3, "cases": cases}
    (HERE / "heightfield.json").write_text(json.dumps(report, indent=1) + "\n")
