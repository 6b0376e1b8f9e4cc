#!/usr/bin/env python3
"""Writes tiny detectors whose ends are of other types than float32, for `EndsTest`: each finds one box, with the brightness
of one colour as score, so that colour order, scale and the way of the boxes are seen. Needs numpy and onnx."""
import pathlib
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = pathlib.Path(__file__).parent / "ends"


def write(name, nodes, inputs, outputs, **constants):
    value = lambda port: helper.make_tensor_value_info(*port)
    stored = [numpy_helper.from_array(np.asarray(c), n) for n, c in constants.items()]
    graph = helper.make_graph([helper.make_node(o, i, r, **a) for o, i, r, a in nodes], name, [value(p) for p in inputs], [value(p) for p in outputs], stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    checker.check_model(model)
    save(model, HERE / f"{name}.onnx")


def half():
    """YOLO v8 in float16 with two classes: the second class of the first place is as likely as the picture is red."""
    box, place = np.zeros((1, 6, 21), np.float16), np.zeros((1, 6, 21), np.float16)
    box[0, :4, 0], place[0, 5, 0] = [16, 16, 8, 8], 1
    write("half", [
        ("Slice", ["images", "from", "to", "axis"], ["red"], {}),
        ("ReduceMean", ["red", "axes"], ["mean"], {"keepdims": 1}),
        ("Reshape", ["mean", "shape"], ["score"], {}),
        ("Mul", ["place", "score"], ["scored"], {}),
        ("Add", ["box", "scored"], ["output0"], {}),
    ], [("images", TensorProto.FLOAT16, ["N", 3, 32, 32])], [("output0", TensorProto.FLOAT16, ["N", 6, 21])],
        **{"from": np.array([0]), "to": np.array([1]), "axis": np.array([1])}, axes=np.array([1, 2, 3]),
        shape=np.array([-1, 1, 1]), place=place, box=box)


def tensorflow():
    """SSD of TensorFlow on bytes: the lower right quarter is a thing of class 3, as likely as the picture is green."""
    write("tensorflow", [
        ("Cast", ["image_tensor:0"], ["pixels"], {"to": TensorProto.FLOAT}),
        ("ReduceMean", ["pixels", "axes"], ["mean"], {"keepdims": 0}),
        ("Slice", ["mean", "from", "to", "axis"], ["green"], {}),
        ("Div", ["green", "white"], ["detection_scores:0"], {}),
        ("Identity", ["box"], ["detection_boxes:0"], {}),
        ("Identity", ["class"], ["detection_classes:0"], {}),
    ], [("image_tensor:0", TensorProto.UINT8, [1, "height", "width", 3])], [
        ("detection_classes:0", TensorProto.FLOAT, [1, 1]),
        ("detection_boxes:0", TensorProto.FLOAT, [1, 1, 4]),
        ("detection_scores:0", TensorProto.FLOAT, [1, 1]),
    ], axes=np.array([1, 2]), **{"from": np.array([1]), "to": np.array([2]), "axis": np.array([1]), "class": np.array([[3]], np.float32)},
        white=np.float32(255), box=np.array([[[0.5, 0.25, 1, 0.75]]], np.float32))


def detectron():
    """Detectron: blue first in 0..255, normalised inside, shorter side 800; the first 80 pixels are of class 2, as likely
    as the picture is blue."""
    write("detectron", [
        ("Sub", ["image", "mean"], ["centred"], {}),
        ("ReduceMean", ["centred", "axes"], ["means"], {"keepdims": 0}),
        ("Slice", ["means", "from", "to"], ["blue"], {}),
        ("Add", ["blue", "first"], ["level"], {}),
        ("Div", ["level", "white"], ["scores"], {}),
        ("Identity", ["box"], ["pred_boxes"], {}),
        ("Identity", ["class"], ["pred_classes"], {}),
        ("Shape", ["image"], ["shape"], {"start": 1}),
    ], [("image", TensorProto.FLOAT, [3, "height", "width"])], [
        ("pred_boxes", TensorProto.FLOAT, ["n", 4]),
        ("scores", TensorProto.FLOAT, ["n"]),
        ("pred_classes", TensorProto.INT64, ["n"]),
        ("shape", TensorProto.INT64, [2]),
    ], axes=np.array([1, 2]), **{"from": np.array([0]), "to": np.array([1]), "class": np.array([2])},
        mean=np.array([103.53, 116.28, 123.675], np.float32).reshape(3, 1, 1), first=np.float32(103.53),
        white=np.float32(255), box=np.array([[0, 0, 80, 80]], np.float32))


HERE.mkdir(exist_ok=True)
half()
tensorflow()
detectron()
