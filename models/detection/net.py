"""Three two-stage detectors on one backbone: Faster R-CNN (Ren et al. 2015), R-FCN (Dai et al. 2016) and R-FCN behind a
deformable convolution (Dai et al. 2017). Backbone and regions are trained as torchvision does it; what is exported is
the same layers in standard ONNX operators.
"""

import torch
import torchvision
from torch import nn
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.rpn import AnchorGenerator
from torchvision.ops import DeformConv2d, MultiScaleRoIAlign, roi_align

from scenes import NAMES, SIDE

KINDS = ("frcnn", "rfcn", "deform_rfcn")
STRIDE, CHANNELS, BINS = 8, 96, 3
REGIONS, REGION_IOU, REGION_CANDIDATES = 50, 0.7, 200
MEAN, DEVIATION = 115.0, 60.0


def conv(inputs, outputs, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Deformable(nn.Module):
    """A convolution of 3 x 3 whose nine places are moved by offsets that another convolution gives; at first by none."""

    def __init__(self, channels):
        super().__init__()
        self.offsets = nn.Conv2d(channels, 18, 3, padding=1)
        nn.init.zeros_(self.offsets.weight)
        nn.init.zeros_(self.offsets.bias)
        self.conv = DeformConv2d(channels, channels, 3, padding=1, bias=False)

    def forward(self, x):
        return self.conv(x, self.offsets(x))


class Residual(nn.Module):
    def __init__(self, channels, deformable=False):
        super().__init__()
        self.a = conv(channels, channels)
        self.b = Deformable(channels) if deformable else nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return torch.relu(x + self.norm(self.b(self.a(x))))


class Backbone(nn.Sequential):
    out_channels = CHANNELS

    def __init__(self, deformable):
        super().__init__(
            conv(3, 24, 2), conv(24, 48, 2), Residual(48), conv(48, CHANNELS, 2),
            Residual(CHANNELS), Residual(CHANNELS), Residual(CHANNELS, deformable))


class DenseHead(nn.Module):
    """Faster R-CNN's: each region goes through layers of its own."""

    def __init__(self):
        super().__init__()
        self.pool = MultiScaleRoIAlign(["0"], 5, 2)
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(CHANNELS * 25, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
        self.outputs = nn.Linear(256, len(NAMES) + 5)

    def forward(self, features, boxes, sizes):
        return self.outputs(self.layers(self.pool(features, boxes, sizes)))


class MapHead(nn.Module):
    """R-FCN's: k x k maps for each class and side; a region takes each of its bins from that bin's map, and they vote."""

    def __init__(self):
        super().__init__()
        self.before = nn.Sequential(nn.Conv2d(CHANNELS, 128, 1), nn.ReLU())
        self.maps = nn.Conv2d(128, (len(NAMES) + 5) * BINS**2, 1)

    def forward(self, features, boxes, sizes):
        return position_sensitive_align(self.maps(self.before(features["0"])), boxes)


def position_sensitive_align(maps, boxes):
    """[N, D k k, h, w] and N lists of boxes -> [regions, D]. Bins are a batch of their own, so one RoiAlign does it."""
    k, kk = BINS, BINS**2
    n, _, h, w = maps.shape
    per_bin = maps.view(n, -1, kk, h, w).transpose(1, 2).reshape(n * kk, -1, h, w)
    column = torch.arange(k, device=maps.device).repeat(k).to(maps.dtype)
    row = torch.arange(k, device=maps.device).repeat_interleave(k).to(maps.dtype)
    regions = []
    for picture, found in enumerate(boxes):
        x, y = found[:, 0:1], found[:, 1:2]
        width, height = (found[:, 2:3] - x) / k, (found[:, 3:4] - y) / k
        bins = (picture * kk + torch.arange(kk, device=maps.device)).to(maps.dtype).expand_as(x + column)
        sides = (bins, x + width * column, y + height * row, x + width * (column + 1), y + height * (row + 1))
        regions.append(torch.stack(sides, 2).reshape(-1, 5))
    pooled = roi_align(per_bin, torch.cat(regions), 1, 1 / STRIDE, 2, aligned=True)
    return pooled.view(-1, kk, pooled.shape[1]).mean(1)


class Same(nn.Module):
    def forward(self, x):
        return x


class Outputs(nn.Module):
    """One box for all classes, which torchvision wants once for each."""

    def forward(self, x):
        classes = len(NAMES) + 1
        return x[:, :classes], x[:, classes:].repeat(1, classes)


def detector(kind):
    model = FasterRCNN(
        Backbone(kind == "deform_rfcn"),
        rpn_anchor_generator=AnchorGenerator(((24, 48),), ((0.6, 1.0, 1.7),)),
        box_head=Same(), box_predictor=Outputs(),
        min_size=SIDE, max_size=SIDE, image_mean=[MEAN / 255] * 3, image_std=[DEVIATION / 255] * 3,
        rpn_pre_nms_top_n_train=REGION_CANDIDATES, rpn_post_nms_top_n_train=100,
        rpn_pre_nms_top_n_test=REGION_CANDIDATES, rpn_post_nms_top_n_test=REGIONS,
        rpn_batch_size_per_image=64, box_batch_size_per_image=48)
    model.roi_heads.box_roi_pool = DenseHead() if kind == "frcnn" else MapHead()
    return model


def begin_from(model, weights):
    """A deformable detector begins as the plain one: its convolution's weights, moved by nothing."""
    renamed = {name.replace("6.b.weight", "6.b.conv.weight"): value for name, value in weights.items()}
    missing, unexpected = model.load_state_dict(renamed, strict=False)
    assert not unexpected and all("offsets" in name for name in missing), (missing, unexpected)


class Exported(nn.Module):
    """images [1, 3, 128, 128] in 0..255 -> boxes [regions, 4] in pixels, scores [regions, classes]."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        grid = SIDE // STRIDE
        anchors = model.rpn.anchor_generator
        anchors.set_cell_anchors(torch.float32, torch.device("cpu"))
        self.register_buffer("anchors", anchors.grid_anchors([[grid, grid]], [[torch.tensor(STRIDE)] * 2])[0])

    def forward(self, images):
        features = self.model.backbone((images - MEAN) / DEVIATION)
        logits, deltas = self.model.rpn.head([features])
        score, best = logits[0].permute(0, 2, 3, 1).reshape(-1).topk(REGION_CANDIDATES)
        moved = deltas[0].view(-1, 4, *features.shape[2:]).permute(2, 3, 0, 1).reshape(-1, 4)
        regions = decode(self.anchors[best], moved[best], (1.0, 1.0, 1.0, 1.0))
        # Those without an inside have no say, and no place among the chosen.
        score = torch.where(((regions[:, 2:] - regions[:, :2]) >= 1e-3).all(1), score, torch.full_like(score, -1e4))
        regions = regions[torchvision.ops.nms(regions, score, REGION_IOU)[:REGIONS]]
        outputs = self.model.roi_heads.box_roi_pool({"0": features}, [regions], [(SIDE, SIDE)])
        classes = len(NAMES) + 1
        return decode(regions, outputs[:, classes:], (10.0, 10.0, 5.0, 5.0)), outputs[:, :classes].softmax(1)[:, 1:]


def decode(boxes, deltas, weights):
    """Boxes moved and scaled as Ren et al. 2015 have it, clipped to the picture."""
    size = boxes[:, 2:] - boxes[:, :2]
    centre = boxes[:, :2] + 0.5 * size
    scale = torch.tensor(weights)
    moved = centre + deltas[:, :2] / scale[:2] * size
    half = 0.5 * torch.exp((deltas[:, 2:] / scale[2:]).clamp(max=4.135)) * size
    return torch.cat((moved - half, moved + half), 1).clamp(0, SIDE)
