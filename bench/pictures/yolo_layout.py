"""The shipped NanoDet as a YOLO v8 export: python bench/pictures/yolo_layout.py OUT.onnx

Other servers know the layout of YOLO v8 (one output [N, 4 + classes, places], boxes as centre and size in pixels, red first,
0 to 1) and not that of NanoDet. The weights are the same; three operators before them and six behind do the rest. Beside
OUT.onnx a file synset.txt has the names of the classes, a line each. Needs the package onnx."""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NANODET = Path(__file__).resolve().parents[2] / "models/detection/nanodet_g_416.onnx"
PLACES = 3549


def numbers(text):
    return np.array([float(one) for one in text.split(",")], np.float32).reshape(1, -1, 1, 1)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    model = onnx.load(NANODET)
    graph, said = model.graph, {entry.key: entry.value for entry in model.metadata_props}
    mean, deviation, labels = numbers(said["mean"]), numbers(said["std"]), said["labels"].split(",")
    constants = {
        "blue_first": np.array([2, 1, 0], np.int64),
        "scale": 255 / deviation,
        "shift": mean / deviation,
        "half": np.array(0.5, np.float32),
        "two_and_two": np.array([2, 2], np.int64),
    }
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    for node in graph.node:
        for i, name in enumerate(node.input):
            if name == "images":
                node.input[i] = "normalised"
    before = [
        helper.make_node("Gather", ["images", "blue_first"], ["swapped"], axis=1),
        helper.make_node("Mul", ["swapped", "scale"], ["scaled"]),
        helper.make_node("Sub", ["scaled", "shift"], ["normalised"]),
    ]
    behind = [
        helper.make_node("Split", ["boxes", "two_and_two"], ["first", "last"], axis=2),
        helper.make_node("Add", ["first", "last"], ["sum"]),
        helper.make_node("Mul", ["sum", "half"], ["centre"]),
        helper.make_node("Sub", ["last", "first"], ["sides"]),
        helper.make_node("Concat", ["centre", "sides", "scores"], ["rows"], axis=2),
        helper.make_node("Transpose", ["rows"], ["output0"], perm=[0, 2, 1]),
    ]
    nodes = before + list(graph.node) + behind
    del graph.node[:], graph.output[:], model.metadata_props[:]
    graph.node.extend(nodes)
    graph.output.append(helper.make_tensor_value_info("output0", TensorProto.FLOAT, ["N", 4 + len(labels), PLACES]))
    helper.set_model_props(model, {"names": str(dict(enumerate(labels))), "task": "detect", "stride": "32", "imgsz": "[416, 416]", "license": said["license"]})
    onnx.checker.check_model(model)
    out = Path(sys.argv[1])
    onnx.save(model, out)
    (out.parent / "synset.txt").write_text("\n".join(labels) + "\n")


if __name__ == "__main__":
    main()
