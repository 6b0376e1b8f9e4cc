#!/usr/bin/env python3
"""Writes the graphs that `./tern bench detection` measures: heads of two-stage detectors over regions of a picture of
600 x 800 pixels (features [1, 1024, 38, 50], stride 16, 80 classes and the background, as in Dai et al. 2016, table 5),
and a deformable convolution beside a plain one. Weights are one constant each, which ONNX Runtime unfolds when it loads
the graph: time does not depend on them, and the files stay small. Needs numpy and onnx."""
import pathlib
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent / "src/main/resources/io/tern/bench"
CLASSES, BINS, SCALE, CHANNELS = 81, 7, 1 / 16, 1024


class Graph:
    """Nodes in the order of their calls; each call gives the name of what it computes."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def __call__(self, operator, *inputs, outputs=1, **attributes):
        names = [f"t{len(self.nodes)}_{i}" for i in range(outputs)]
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        self.nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, *shape):
        value = helper.make_tensor("value", TensorProto.FLOAT, [1], [0.01])
        return self("ConstantOfShape", np.array(shape, np.int64), value=value)

    def conv(self, x, inputs, outputs, kernel=1, relu=True, **attributes):
        pad = kernel // 2
        y = self("Conv", x, self.weight(outputs, inputs, kernel, kernel), pads=[pad] * 4, **attributes)
        return self("Relu", y) if relu else y

    def dense(self, x, inputs, outputs, relu=True):
        y = self("MatMul", x, self.weight(inputs, outputs))
        return self("Relu", y) if relu else y

    def write(self, name, inputs, results, rank=2):
        outputs = [f"y{i}" for i in range(len(results))]
        for result, output in zip(results, outputs):
            self.nodes.append(helper.make_node("Identity", [result], [output]))
        value = lambda port, shape: helper.make_tensor_value_info(port, TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, name, [value(*i) for i in inputs], [value(o, [f"{o}_{i}" for i in range(rank)]) for o in outputs], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
        onnx.checker.check_model(model)
        onnx.save(model, HERE / f"{name}.onnx")


FEATURES, ROIS = ("features", [1, CHANNELS, 38, 50]), ("rois", ["R", 4])


def batch_of(g, rois):
    """Zeros, one for each region."""
    count = g("Slice", g("Shape", rois), np.array([0]), np.array([1]))
    return g("ConstantOfShape", count, value=helper.make_tensor("value", TensorProto.INT64, [1], [0]))


def integral_pooling(g, maps, rois, outputs):
    """Position-sensitive pooling by integral images: four corners a bin, whatever its size; then the vote."""
    k, kk = BINS, BINS * BINS
    rows = np.repeat(np.arange(k, dtype=np.float32), k)[None]
    columns = np.tile(np.arange(k, dtype=np.float32), k)[None]
    m = g("Transpose", g("Reshape", maps, np.array([outputs, kk, 38, 50])), perm=[1, 2, 3, 0])
    sums = g("CumSum", g("CumSum", m, np.array(1)), np.array(2))
    table = g("Reshape", g("Pad", sums, np.array([0, 1, 1, 0, 0, 0, 0, 0])), np.array([-1, outputs]))
    rounded = g("Floor", g("Add", g("Mul", rois, np.float32(SCALE)), np.float32(0.5)))
    x1, y1, x2, y2 = g("Split", rounded, axis=1, num_outputs=4, outputs=4)

    def ends(low, high, first, limit):
        side = g("Div", g("Max", g("Sub", high, low), np.float32(1)), np.float32(k))
        found = []
        for operator, place in (("Floor", first), ("Ceil", first + 1)):
            pixel = g("Add", g(operator, g("Mul", side, place)), low)
            found.append(g("Min", g("Max", pixel, np.float32(0)), np.float32(limit)))
        return found

    top, bottom = ends(y1, y2, rows, 37)
    left, right = ends(x1, x2, columns, 49)
    area = g("Max", g("Mul", g("Sub", bottom, top), g("Sub", right, left)), np.float32(1))
    bins = np.arange(kk, dtype=np.float32)[None]

    def corner(row, column):
        number = g("Add", g("Mul", g("Add", np.float32(39) * bins, row), np.float32(51)), column)
        return g("Gather", table, g("Cast", number, to=TensorProto.INT64), axis=0)

    total = g("Sub", g("Sub", corner(bottom, right), corner(bottom, left)), g("Sub", corner(top, right), corner(top, left)))
    mean = g("Div", total, g("Unsqueeze", area, np.array([-1])))
    return g("ReduceMean", mean, np.array([1]), keepdims=0)


def align_pooling(g, maps, rois, outputs):
    """Position-sensitive alignment: one RoiAlign over k x k sub-regions, with the bins as batch; then the vote."""
    k, kk = BINS, BINS * BINS
    m = g("Transpose", g("Reshape", maps, np.array([outputs, kk, 38, 50])), perm=[1, 0, 2, 3])
    parts = np.array([[j / k, i / k, (j + 1) / k, (i + 1) / k] for i in range(k) for j in range(k)], np.float32)[None]
    first, second = g("Split", rois, axis=1, num_outputs=2, outputs=2)
    size = g("Sub", second, first)
    corners = g("Unsqueeze", g("Concat", first, first, axis=1), np.array([1]))
    sides = g("Unsqueeze", g("Concat", size, size, axis=1), np.array([1]))
    regions = g("Reshape", g("Add", corners, g("Mul", sides, parts)), np.array([-1, 4]))
    batch = g("Reshape", g("Add", g("Unsqueeze", batch_of(g, rois), np.array([1])), np.arange(kk)[None]), np.array([-1]))
    pooled = g("RoiAlign", m, regions, batch, output_height=1, output_width=1, sampling_ratio=2, spatial_scale=SCALE)
    return g("ReduceMean", g("Reshape", pooled, np.array([-1, kk, outputs])), np.array([1]), keepdims=0)


def rfcn(name, pooling):
    g = Graph()
    trunk = g.conv("features", CHANNELS, 1024)
    scores = pooling(g, g.conv(trunk, 1024, CLASSES * BINS * BINS, relu=False), "rois", CLASSES)
    boxes = pooling(g, g.conv(trunk, 1024, 4 * BINS * BINS, relu=False), "rois", 4)
    g.write(name, [FEATURES, ROIS], [g("Softmax", scores, axis=1), boxes])


def faster_rcnn(name):
    """Two dense layers of 1024 on 256 channels of 7 x 7."""
    g = Graph()
    trunk = g.conv("features", CHANNELS, 256)
    pooled = g("RoiAlign", trunk, "rois", batch_of(g, "rois"), output_height=7, output_width=7, sampling_ratio=2, spatial_scale=SCALE)
    x = g.dense(g.dense(g("Flatten", pooled), 256 * 49, 1024), 1024, 1024)
    g.write(name, [FEATURES, ROIS], [g("Softmax", g.dense(x, 1024, CLASSES, False), axis=1), g.dense(x, 1024, 4 * CLASSES, False)])


def faster_rcnn_conv5(name):
    """As in the paper's comparison: the last three blocks of a residual network on each region."""
    g = Graph()
    x = g("RoiAlign", "features", "rois", batch_of(g, "rois"), output_height=14, output_width=14, sampling_ratio=2, spatial_scale=SCALE)
    inputs, stride = CHANNELS, 2
    for _ in range(3):
        y = g.conv(g.conv(g.conv(x, inputs, 512, strides=[stride] * 2), 512, 512, 3), 512, 2048, relu=False)
        x = g("Relu", g("Add", y, x if inputs == 2048 else g.conv(x, inputs, 2048, relu=False, strides=[stride] * 2)))
        inputs, stride = 2048, 1
    x = g("Flatten", g("GlobalAveragePool", x))
    g.write(name, [FEATURES, ROIS], [g("Softmax", g.dense(x, 2048, CLASSES, False), axis=1), g.dense(x, 2048, 4 * CLASSES, False)])


def convolution(name, deformable):
    """3 x 3 over [1, 256, 38, 38]; the deformable one with the convolution that gives its offsets (and, v2, its mask)."""
    g = Graph()
    x, weight = "features", g.weight(256, 256, 3, 3)
    if deformable:
        offsets = g("Conv", x, g.weight(18, 256, 3, 3), pads=[1] * 4)
        extra = ["", g("Sigmoid", g("Conv", x, g.weight(9, 256, 3, 3), pads=[1] * 4))] if deformable == 2 else []
        y = g("DeformConv", x, weight, offsets, *extra, kernel_shape=[3, 3], pads=[1] * 4)
    else:
        y = g("Conv", x, weight, pads=[1] * 4)
    g.write(name, [("features", [1, 256, 38, 38])], [y], rank=4)


rfcn("rfcn_pool", integral_pooling)
rfcn("rfcn_align", align_pooling)
faster_rcnn("faster_rcnn")
faster_rcnn_conv5("faster_rcnn_conv5")
for kind in range(3):
    convolution(["conv", "deform_conv_v1", "deform_conv_v2"][kind], kind)
