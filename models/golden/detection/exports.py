#!/usr/bin/env python3
"""Writes exports/*.onnx and .json: tiny detectors with the inputs and outputs of what common tools export, and what those
tools make of their outputs, written out in NumPy, for one picture of 200 x 100 pixels of one colour. All that such a network
says depends on the mean of the values that it is given, so that wrong colours, scales, paddings or fits are seen. Weights are
of chance with a fixed seed. Needs numpy and onnx; run it in this folder."""
import json
import pathlib
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = pathlib.Path(__file__).parent / "exports"
WIDTH, HEIGHT, COLOUR = 200, 100, np.array([204, 102, 51], np.float32)
SIDE, PLACES, CLASSES = 64, 84, 5  # strides 8, 16 and 32
MEAN, STD = np.float32([0.485, 0.456, 0.406]) * 255, np.float32([0.229, 0.224, 0.225]) * 255
CORNERS = np.float32([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])  # x, y, w, h to corners
FLOAT, BYTES, INT32, INT64 = TensorProto.FLOAT, TensorProto.UINT8, TensorProto.INT32, TensorProto.INT64


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# How a picture of one colour becomes the mean of an input, and corners of that input become those of the picture.
def stretched(colour, padding=0):
    return colour, lambda b: b * np.float32([WIDTH, HEIGHT, WIDTH, HEIGHT]) / SIDE


def letterbox(colour, padding=114, top=16):
    return colour / 2 + padding / 2, lambda b: (b - np.float32([0, top, 0, top])) * (WIDTH / SIDE)


def top_left(colour, padding=0):
    return letterbox(colour, padding, 0)


class Net:
    """A graph under construction beside the values that it computes; `mean` is that of its input, about 0..1."""

    def __init__(self, name, seed, image, type=FLOAT, scale=1.0, nhwc=False, ops=()):
        self.name, self.random, self.image, self.count = name, np.random.RandomState(seed), image, 0
        self.nodes, self.stored, self.outputs, self.metadata = [], [], [], {}
        shape = ["N", SIDE, SIDE, 3] if nhwc else ["N", 3, SIDE, SIDE]
        self.inputs = [(image, type, shape)]
        at = image
        if type == BYTES:
            at = self.node("Cast", [at], to=FLOAT)
        for op in ops:
            at = self.node("Add", [at, self.node("Mul", [self.node(op, [at]), self.constant(np.float32(0))])])
        axes = self.constant(np.array([1, 2] if nhwc else [2, 3]))
        self.mean = self.node("Mul", [self.node("ReduceMean", [at, axes], keepdims=0), self.constant(np.float32(scale))])
        self.scale = scale

    def node(self, op, inputs, outputs=1, **attributes):
        names = [f"t{self.count + i}" for i in range(outputs)]
        self.count += outputs
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value):
        name = f"c{len(self.stored)}"
        self.stored.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def chance(self, mean, *shape, most=1.0):
        """-> (name of the tensor, its values): 0..most by the mean of the input"""
        size = int(np.prod(shape))
        w = self.random.normal(0, 2, (3, size)).astype(np.float32)
        b = self.random.normal(-1, 1, size).astype(np.float32)
        dense = self.node("Add", [self.node("MatMul", [self.mean, self.constant(w)]), self.constant(b)])
        values = sigmoid((np.float32(mean) * self.scale) @ w + b).reshape(shape) * most
        flat = self.node("Mul", [self.node("Sigmoid", [dense]), self.constant(np.float32(most))])
        return self.reshaped(flat, *shape), values

    def boxes(self, mean, places, unit=1.0, batched=True):
        """Corners of boxes of 8 to 28 pixels in the first 64."""
        name, values = self.chance(mean, *([1] if batched else []), places, 4)
        scale, offset = np.float32([36, 36, 20, 20]), np.float32([0, 0, 8, 8])
        values = (values * scale + offset) @ CORNERS / unit
        at = self.node("Add", [self.node("Mul", [name, self.constant(scale)]), self.constant(offset)])
        at = self.node("Div", [self.node("MatMul", [at, self.constant(CORNERS)]), self.constant(np.float32(unit))])
        return at, values

    def reshaped(self, name, *shape):
        return self.node("Reshape", [name, self.constant(np.array(shape, np.int64))])

    def output(self, name, of, *shape, type=FLOAT):
        self.nodes.append(helper.make_node("Identity", [of], [name]))
        self.outputs.append((name, type, shape))

    def write(self, family, overlap, detections):
        value = lambda port: helper.make_tensor_value_info(*port)
        graph = helper.make_graph(self.nodes, self.name, [value(p) for p in self.inputs], [value(p) for p in self.outputs], self.stored)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
        helper.set_model_props(model, self.metadata)
        checker.check_model(model)
        save(model, HERE / f"{self.name}.onnx")
        wanted = [{"class_id": int(c), "score": round(float(s), 6), "xyxy": [round(float(v), 3) for v in b]}
                  for c, s, b in suppressed(detections, overlap)]
        (HERE / f"{self.name}.json").write_text(json.dumps({"family": family, "detections": wanted}, indent=1) + "\n")
        print(self.name, len(wanted))


def suppressed(detections, overlap):
    """Class by class, the best first; those below 0.5 are not looked at."""
    kept = []
    for c, s, b in sorted((d for d in detections if d[1] >= 0.5), key=lambda d: -d[1]):
        if overlap is None or all(k[0] != c or iou(k[2], b) <= overlap for k in kept):
            kept.append((c, s, b))
    return kept


def iou(a, b):
    inside = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    return inside / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - inside)


def each_class(scores, boxes, back):
    """-> every class of every place; scores [places, classes]"""
    return [(c, scores[p, c], back(boxes[p])) for p in range(len(boxes)) for c in range(scores.shape[1])]


def paddle(name, seed, mean, colours, ops=(), size=False, count=20):
    """PaddleDetection: rows of class, score and corners that the graph has divided by scale_factor (height, width)."""
    net = Net(name, seed, "image", scale=colours, ops=ops)
    net.inputs.append(("scale_factor", FLOAT, ["N", 2]))
    if size:
        net.inputs.insert(0, ("im_shape", FLOAT, ["N", 2]))
    _, back = stretched(COLOUR)
    box, corners = net.boxes(mean, count, batched=False)
    score, scores = net.chance(mean, count, 1)
    classes = net.random.randint(-1, CLASSES, (count, 1)).astype(np.float32)  # -1 is padding
    swapped = net.node("Gather", ["scale_factor", net.constant(np.array([1, 0, 1, 0]))], axis=1)
    box = net.node("Div", [box, swapped])
    if size:  # RT-DETR scales to im_shape / scale_factor
        whole = net.node("Gather", ["im_shape", net.constant(np.array([1, 0, 1, 0]))], axis=1)
        box = net.node("Div", [net.node("Mul", [box, whole]), net.constant(np.float32(SIDE))])
    net.output("multiclass_nms3_0.tmp_0", net.node("Concat", [net.constant(classes), score, box], axis=1), "n", 6)
    net.output("multiclass_nms3_0.tmp_2", net.constant(np.array([count], np.int32)), 1, type=INT32)
    net.write("PaddleDetection", None, [(c, s, back(b)) for (c,), (s,), b in zip(classes, scores, corners) if c >= 0])


def efficient_nms():
    """The outputs of TensorRT's plug-in, as YOLO v6 and MMYOLO write them in ONNX's own operators; what follows the first
    `num_dets` rows is left over from somewhere."""
    mean, back = letterbox(COLOUR)
    net = Net("efficient_nms", 3, "images", scale=1.0)
    box, corners = net.boxes(mean / 255, 20)
    score, scores = net.chance(mean / 255, 1, 20)
    classes = net.random.randint(0, CLASSES, (1, 20)).astype(np.int32)
    net.output("num_dets", net.constant(np.array([[7]], np.int32)), "N", 1, type=INT32)
    net.output("det_boxes", box, "N", 20, 4)
    net.output("det_scores", score, "N", 20)
    net.output("det_classes", net.constant(classes), "N", 20, type=INT32)
    net.write("boxes, labels and scores", None, list(zip(classes[0], scores[0], back(corners[0])))[:7])


def decoded(name, seed, family, image, type, scale, mean, back, boxes, scores, overlap, transposed=False):
    """YOLO-NAS, DAMO-YOLO: all places, corners in pixels. Each class of a place counts."""
    net = Net(name, seed, image, type=type, scale=scale)
    box, corners = net.boxes(mean, 24)
    score, values = net.chance(mean, 1, 24, CLASSES)
    values = values[0]
    ports = {boxes: (box, 1, 24, 4), scores: (score, 1, 24, CLASSES)}
    for port in sorted(ports, key=lambda p: p == (scores if family == "YOLO-NAS" else boxes)):
        net.output(port, *ports[port])
    net.write(family, overlap, each_class(values, corners[0], back))


def yolo_nas_flat():
    """YOLO-NAS with its suppression inside: number of the picture, corners, score, class."""
    mean, back = letterbox(COLOUR)
    net = Net("yolo_nas_flat", 6, "input", type=BYTES, scale=1 / 255)
    box, corners = net.boxes(mean, 20, batched=False)
    score, scores = net.chance(mean, 20, 1)
    classes = net.random.randint(0, CLASSES, (20, 1)).astype(np.float32)
    zeros = net.constant(np.zeros((20, 1), np.float32))
    net.output("graph2_flat_predictions", net.node("Concat", [zeros, box, score, net.constant(classes)], axis=1), "n", 7)
    net.write("YOLO end to end", None, [(c, s, back(b)) for (c,), (s,), b in zip(classes, scores, corners)])


def yolo_v4():
    """Boxes [1, places, 1, 4] in 0..1 of a stretched picture, scores of all classes."""
    mean, back = stretched(COLOUR)
    net = Net("yolo_v4", 7, "input")
    box, corners = net.boxes(mean / 255, 40, unit=SIDE)
    score, scores = net.chance(mean / 255, 1, 40, CLASSES)
    net.output("boxes", net.reshaped(box, 1, 40, 1, 4), 1, 40, 1, 4)
    net.output("confs", score, 1, 40, CLASSES)
    net.write("YOLO v4", 0.6, each_class(scores[0], corners[0] * SIDE, back))


def ssd():
    """SSD with its priors applied: softmax whose first class is the background, corners in 0..1, values of about -1..1."""
    mean, back = stretched(COLOUR)
    mean = (mean - 127) / 128
    net = Net("ssd_decoded", 8, "input")
    box, corners = net.boxes(mean, 40, unit=SIDE)
    logit, logits = net.chance(mean, 1, 40, CLASSES, most=6)
    likely = np.exp(logits[0]) / np.exp(logits[0]).sum(1, keepdims=True)
    net.output("scores", net.node("Softmax", [logit], axis=2), 1, 40, CLASSES)
    net.output("boxes", box, 1, 40, 4)
    net.write("SSD", 0.45, [d for d in each_class(likely, corners[0] * SIDE, back) if d[0] > 0])


def efficientdet():
    """AutoML's EfficientDet: bytes as pixels, rows of number, top, left, bottom, right, score and class from 1."""
    mean, back = stretched(COLOUR)
    net = Net("efficientdet_tf", 9, "image_arrays:0", type=BYTES, scale=1 / 255, nhwc=True)
    box, corners = net.boxes(mean, 30)
    score, scores = net.chance(mean, 1, 30, 1)
    classes = net.random.randint(1, 90, (1, 30, 1)).astype(np.float32)
    box = net.node("Gather", [box, net.constant(np.array([1, 0, 3, 2]))], axis=2)
    zeros = net.constant(np.zeros((1, 30, 1), np.float32))
    net.output("detections:0", net.node("Concat", [zeros, box, score, net.constant(classes)], axis=2), 1, 30, 7)
    net.write("EfficientDet of TensorFlow", None, list(zip(classes[0, :, 0], scores[0, :, 0], back(corners[0]))))


def keras_yolo():
    """YOLOv3 of Keras: NonMaxSuppression in the graph, its choice to be looked up; boxes scaled to image_shape."""
    mean, back = letterbox(COLOUR, 128)
    net = Net("yolo_v3_keras", 10, "input_1", scale=1.0)
    net.inputs.append(("image_shape", FLOAT, ["N", 2]))
    box, corners = net.boxes(mean / 255, 20, unit=SIDE)
    score, scores = net.chance(mean / 255, 1, CLASSES, 20)
    box = net.node("Gather", [box, net.constant(np.array([1, 0, 3, 2]))], axis=2)
    box = net.node("Mul", [box, net.node("Gather", ["image_shape", net.constant(np.array([0, 1, 0, 1]))], axis=1)])
    chosen = net.node("NonMaxSuppression", [box, score, net.constant(np.array([100])), net.constant(np.float32([0.5])),
                                            net.constant(np.float32([0.5]))])
    net.output("yolonms_layer_1", box, 1, 20, 4)
    net.output("yolonms_layer_1:1", score, 1, CLASSES, 20)
    net.output("yolonms_layer_1:2", chosen, "n", 3, type=INT64)
    net.write("boxes selected by NonMaxSuppression", 0.5, each_class(scores[0].T, corners[0] * SIDE, back))


def end_to_end_pose():
    """YOLO 26 of people's points, each told once: what follows the class is not read."""
    mean, back = letterbox(COLOUR)
    net = Net("end2end_pose", 11, "images", scale=1.0)
    net.metadata = {"task": "pose", "names": "{0: 'person'}", "end2end": "True", "imgsz": f"[{SIDE}, {SIDE}]"}
    box, corners = net.boxes(mean / 255, 30)
    score, scores = net.chance(mean / 255, 1, 30, 1)
    points, _ = net.chance(mean / 255, 1, 30, 51, most=64)
    none = net.constant(np.zeros((1, 30, 1), np.float32))
    net.output("output0", net.node("Concat", [box, score, none, points], axis=2), 1, 30, 57)
    net.write("YOLO end to end", None, [(0, s, back(b)) for (s,), b in zip(scores[0], corners[0])])


def declared():
    """YOLO v8 whose metadata say that it was trained on stretched pictures, blue first, with a mean of its own."""
    mean, back = stretched(COLOUR)
    mean = (mean[::-1] - np.float32([103.53, 116.28, 123.675])) / np.float32([57.375, 57.12, 58.395])
    net = Net("declared", 12, "images")
    net.metadata = {"color": "bgr", "mean": "103.53, 116.28, 123.675", "std": "[57.375, 57.12, 58.395]", "resize": "stretch"}
    box, corners = net.boxes(mean, PLACES)
    centred = np.float32([[0.5, 0, -1, 0], [0, 0.5, 0, -1], [0.5, 0, 1, 0], [0, 0.5, 0, 1]])
    score, scores = net.chance(mean, 1, PLACES, CLASSES)
    rows = net.node("Concat", [net.node("MatMul", [box, net.constant(centred)]), score], axis=2)
    net.output("output0", net.node("Transpose", [rows], perm=[0, 2, 1]), 1, 4 + CLASSES, PLACES)
    best = scores[0].argmax(1)
    net.write("YOLO v8", 0.7, [(c, s[c], back(b)) for c, s, b in zip(best, scores[0], corners[0])])


HERE.mkdir(exist_ok=True)
paddle("paddle_ppyoloe", 1, COLOUR / 255, 1.0)
paddle("paddle_picodet", 2, (COLOUR - MEAN) / STD, 1.0, ops=("HardSwish",))
paddle("paddle_rtdetr", 13, COLOUR / 255, 1.0, size=True)
efficient_nms()
boxed, in_box = letterbox(COLOUR)
decoded("yolo_nas", 4, "YOLO-NAS", "input", BYTES, 1 / 255, boxed, in_box, "graph2_pred_boxes", "graph2_pred_scores", 0.7)
cornered, in_corner = top_left(COLOUR)
decoded("damo_yolo", 5, "DAMO-YOLO", "images", FLOAT, 1 / 255, cornered, in_corner, "952", "output", 0.7)
yolo_nas_flat()
yolo_v4()
ssd()
efficientdet()
keras_yolo()
end_to_end_pose()
declared()
