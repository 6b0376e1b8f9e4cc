"""Writes coco.json: scores of pycocotools 2.0 for boxes of chance (with crowds, ties of scores and all sizes) and for what a
trained detector finds in twenty pictures of emoji. pip install numpy pycocotools; python coco_reference.py EMOJI_FOLDER > coco.json
"""
import contextlib, glob, io, json, sys
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def scores(pictures, classes):
    coco, results, images, annotations = COCO(), [], [], []
    for i, picture in enumerate(pictures):
        images.append({"id": i + 1})
        for t in picture["truth"]:
            x1, y1, x2, y2 = t["xyxy"]
            box = [x1, y1, x2 - x1, y2 - y1]
            annotations.append({"id": len(annotations) + 1, "image_id": i + 1, "category_id": t["class_id"] + 1, "bbox": box,
                                "area": box[2] * box[3], "iscrowd": int(t.get("crowd", False))})
        for d in picture["detections"]:
            x1, y1, x2, y2 = d["xyxy"]
            results.append({"image_id": i + 1, "category_id": d["class_id"] + 1, "bbox": [x1, y1, x2 - x1, y2 - y1], "score": d["score"]})
    with contextlib.redirect_stdout(io.StringIO()):
        coco.dataset = {"images": images, "annotations": annotations, "categories": [{"id": c + 1} for c in range(classes)]}
        coco.createIndex()
        e = COCOeval(coco, coco.loadRes(results), "bbox")
        e.evaluate()
        e.accumulate()
        e.summarize()
    return [float(v) for v in e.stats]


def chance(seed, pictures, classes, largest):
    r = np.random.RandomState(seed)
    out = []
    for _ in range(pictures):
        truth, found = [], []
        for _ in range(r.randint(0, 9)):
            w, h = np.exp(r.uniform(np.log(6), np.log(largest), 2))
            x, y = r.uniform(0, 400, 2)
            c = int(r.randint(classes))
            truth.append({"class_id": c, "xyxy": [round(float(v), 2) for v in (x, y, x + w, y + h)], **({"crowd": True} if r.rand() < 0.1 else {})})
            for _ in range(r.randint(0, 4)):
                jitter = r.normal(0, 0.08, 4) * [w, h, w, h]
                x1, y1, x2, y2 = np.array([x, y, x + w, y + h]) + jitter
                found.append({"class_id": c if r.rand() < 0.85 else int(r.randint(classes)), "score": round(float(r.rand()), 2),
                              "xyxy": [round(float(v), 2) for v in (x1, y1, max(x1, x2), max(y1, y2))]})
        for _ in range(r.randint(0, 4)):
            x, y, w, h = r.uniform(0, 200, 4)
            found.append({"class_id": int(r.randint(classes)), "score": round(float(r.rand()) / 2, 2), "xyxy": [round(float(v), 2) for v in (x, y, x + w, y + h)]})
        out.append({"truth": truth, "detections": found})
    return out


def emoji(folder):
    out = []
    for f in sorted(glob.glob(folder + "/[0-9][0-9][0-9].json"))[:20]:
        d = json.load(open(f))
        out.append({"truth": d["truth"], "detections": [{"class_id": b["class_id"], "score": b["score"], "xyxy": b["xyxy"]} for b in d["reference"]["rfcn"]]})
    return out


cases = [("chance", chance(1, 25, 4, 250), 4), ("small boxes alone", chance(2, 10, 2, 30), 2), ("many of one class", chance(3, 12, 1, 200), 1), ("emoji", emoji(sys.argv[1]), 10)]
json.dump({"cases": [{"name": n, "scores": scores(p, c), "pictures": p} for n, p, c in cases]}, sys.stdout)
