"""Writes the small ONNX models that the tests of `runtime` and the measurements of `bench` run.

    pip install onnx==1.23.2 && python models/golden/runtime_models.py

The weights are closed forms of their index, so the files have the same bytes every time.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "runtime/src/test/resources/io/tern/onnx"
BENCH = ROOT / "bench/src/main/resources/io/tern/bench"
FLOAT = TensorProto.FLOAT


def value(name, element, dims):
    return helper.make_tensor_value_info(name, element, dims)


def model(graph, metadata=None, domains=()):
    opsets = [helper.make_opsetid("", 21)] + [helper.make_opsetid(domain, 1) for domain in domains]
    made = helper.make_model(graph, opset_imports=opsets, producer_name="tern", ir_version=10)
    helper.set_model_props(made, metadata or {})
    return made


def save(folder, name, made, check=True):
    if check:
        onnx.checker.check_model(made)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(made.SerializeToString(deterministic=True))


def affine():
    """y[batch, 2] = x[batch, 3] @ w + b"""
    w = np.arange(1, 7, dtype=np.float32).reshape(3, 2)
    b = np.array([0.5, -0.5], np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["xw"]), helper.make_node("Add", ["xw", "b"], ["y"])],
        "affine",
        [value("x", FLOAT, ["batch", 3])],
        [value("y", FLOAT, ["batch", 2])],
        [numpy_helper.from_array(w, "w"), numpy_helper.from_array(b, "b")],
    )
    return model(graph, {"licence": "Apache-2.0", "note": "three in, two out, ±½"})


def types():
    """Each element type in and out; the scalar s has rank 0."""
    kinds = {
        "float32": FLOAT, "uint8": TensorProto.UINT8, "int8": TensorProto.INT8, "int32": TensorProto.INT32,
        "int64": TensorProto.INT64, "bool": TensorProto.BOOL, "float16": TensorProto.FLOAT16,
        "float64": TensorProto.DOUBLE, "bfloat16": TensorProto.BFLOAT16,
    }
    nodes, inputs, outputs = [], [], []
    for name, element in kinds.items():
        nodes.append(helper.make_node("Identity", [name], [name + "_out"]))
        inputs.append(value(name, element, ["n"]))
        outputs.append(value(name + "_out", element, ["n"]))
    nodes.append(helper.make_node("Add", ["scalar", "scalar"], ["scalar_out"]))
    nodes.append(helper.make_node("Add", ["int64", "int64"], ["int64_doubled"]))
    nodes.append(helper.make_node("Add", ["float16", "float16"], ["float16_doubled"]))
    inputs.append(value("scalar", FLOAT, []))
    outputs.append(value("scalar_out", FLOAT, []))
    outputs.append(value("int64_doubled", TensorProto.INT64, ["n"]))
    outputs.append(value("float16_doubled", TensorProto.FLOAT16, ["n"]))
    return model(helper.make_graph(nodes, "types", inputs, outputs))


def accumulate():
    """present = past + x: may be run in place, like a key-value cache."""
    graph = helper.make_graph(
        [helper.make_node("Add", ["past", "x"], ["present"])],
        "accumulate",
        [value("past", FLOAT, ["n"]), value("x", FLOAT, ["n"])],
        [value("present", FLOAT, ["n"])],
    )
    return model(graph)


def loop():
    """y = x @ x', done `steps` times: as long a run as a test wants. Its nodes are many and short."""
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["state", "rotation"], ["next"]),
            helper.make_node("Identity", ["go_on"], ["go_on_out"]),
        ],
        "body",
        [value("i", TensorProto.INT64, []), value("go_on", TensorProto.BOOL, []), value("state", FLOAT, [64, 64])],
        [value("go_on_out", TensorProto.BOOL, []), value("next", FLOAT, [64, 64])],
    )
    rotation = np.roll(np.eye(64, dtype=np.float32), 1, axis=1)
    graph = helper.make_graph(
        [helper.make_node("Loop", ["steps", "", "x"], ["y"], body=body)],
        "loop",
        [value("steps", TensorProto.INT64, []), value("x", FLOAT, [64, 64])],
        [value("y", FLOAT, [64, 64])],
        [numpy_helper.from_array(rotation, "rotation")],
    )
    return model(graph)


def nonzero():
    """The size of the output is known only after the run."""
    graph = helper.make_graph(
        [helper.make_node("NonZero", ["x"], ["indices"])],
        "nonzero",
        [value("x", FLOAT, ["n"])],
        [value("indices", TensorProto.INT64, [1, "found"])],
    )
    return model(graph)


def hungry():
    """The sum of as many zeros as it is told: more memory than there is, if that is much."""
    graph = helper.make_graph(
        [helper.make_node("ConstantOfShape", ["count"], ["zeros"]), helper.make_node("ReduceSum", ["zeros"], ["sum"])],
        "hungry",
        [value("count", TensorProto.INT64, [1])],
        [value("sum", FLOAT, [1])],
    )
    return model(graph)


def any_shape():
    """An input of which the model says no shape at all."""
    x = helper.make_tensor_value_info("x", FLOAT, None)
    y = helper.make_tensor_value_info("y", FLOAT, None)
    return model(helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "any_shape", [x], [y]))


def strings():
    """Each string as it came."""
    graph = helper.make_graph(
        [helper.make_node("Identity", ["text"], ["same"])],
        "strings",
        [value("text", TensorProto.STRING, ["n"])],
        [value("same", TensorProto.STRING, ["n"])],
    )
    return model(graph)


def words():
    """lower = text in small letters; label = its place in a list, -1 if it is none of it; name = what the place is called."""
    names = ["tern", "gull", "größe"]
    nodes = [
        helper.make_node("StringNormalizer", ["text"], ["lower"], case_change_action="LOWER", locale="C.UTF-8"),
        helper.make_node(
            "LabelEncoder", ["lower"], ["label"], domain="ai.onnx.ml",
            keys_strings=names, values_int64s=[0, 1, 2], default_int64=-1,
        ),
        helper.make_node(
            "LabelEncoder", ["label"], ["name"], domain="ai.onnx.ml",
            keys_int64s=[0, 1, 2], values_strings=names, default_string="none",
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "words",
        [value("text", TensorProto.STRING, ["n"])],
        [
            value("lower", TensorProto.STRING, ["n"]),
            value("label", TensorProto.INT64, ["n"]),
            value("name", TensorProto.STRING, ["n"]),
        ],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, producer_name="tern", ir_version=10)


def sequence():
    """An output that is no tensor."""
    graph = helper.make_graph(
        [helper.make_node("SequenceConstruct", ["x"], ["parts"])],
        "sequence",
        [value("x", FLOAT, ["n"])],
        [helper.make_tensor_sequence_value_info("parts", FLOAT, ["n"])],
    )
    return model(graph)


def table():
    """row = the row of a table of three that an index names: one beyond it is refused by the node alone."""
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["rows", "index"], ["row"])],
        "table",
        [value("index", TensorProto.INT64, ["n"])],
        [value("row", FLOAT, ["n", 2])],
        [numpy_helper.from_array(rows, "rows")],
    )
    return model(graph)


def shared():
    """y = x @ w, with w [256, 256] in shared.weights beside the model: several sessions may share it."""
    w = (np.arange(256 * 256, dtype=np.int64) % 17 - 8).astype(np.float32).reshape(256, 256) / 8
    weights = numpy_helper.from_array(w, "w")
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    for key, text in (("location", "shared.weights"), ("offset", "0"), ("length", str(w.nbytes))):
        weights.external_data.add(key=key, value=text)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "shared",
        [value("x", FLOAT, ["batch", 256])],
        [value("y", FLOAT, ["batch", 256])],
        [weights],
    )
    (TESTS / "shared.weights").write_bytes(w.tobytes())
    return model(graph)


def attention(layers=30, query_heads=9, heads=3, capacity=2048, size=64):
    """Layers of GroupQueryAttention over caches of a fixed capacity, as a small decoder has them, and nothing else."""
    nodes, inputs = [], [value("x", FLOAT, [1, 1, query_heads * size])]
    inputs += [value("kv", FLOAT, [1, 1, heads * size])]
    inputs += [value("seqlens_k", TensorProto.INT32, [1]), value("total", TensorProto.INT32, [1])]
    outputs, hidden = [], "x"
    for layer in range(layers):
        past = [f"past_{half}.{layer}" for half in ("key", "value")]
        present = [f"present_{half}.{layer}" for half in ("key", "value")]
        after = "y" if layer == layers - 1 else f"hidden.{layer}"
        nodes.append(
            helper.make_node(
                "GroupQueryAttention", [hidden, "kv", "kv", *past, "seqlens_k", "total"], [after, *present],
                domain="com.microsoft", num_heads=query_heads, kv_num_heads=heads,
            )
        )
        inputs += [value(name, FLOAT, [1, heads, capacity, size]) for name in past]
        outputs += [value(name, FLOAT, [1, heads, capacity, size]) for name in present]
        hidden = after
    outputs.append(value("y", FLOAT, [1, 1, query_heads * size]))
    return model(helper.make_graph(nodes, "attention", inputs, outputs), domains=("com.microsoft",))


def main():
    for make in (affine, types, accumulate, loop, nonzero, hungry, strings, words, sequence, table):
        save(TESTS, make.__name__ + ".onnx", make())
    save(TESTS, "any_shape.onnx", any_shape(), check=False)  # the checker wants a shape, ONNX Runtime does not
    save(TESTS, "shared.onnx", shared(), check=False)  # the checker wants to see external data beside the file
    save(BENCH, "affine.onnx", affine())
    save(BENCH, "attention.onnx", attention(), check=False)  # the checker does not know the domain


if __name__ == "__main__":
    main()
