"""The networks of pictures. Norms compute in float32 whatever the rest does; Micikevicius et al. 2018, section 3.3."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Norm(nn.GroupNorm):
    def __init__(self, channels):
        super().__init__(8, channels)

    def forward(self, x):
        return F.group_norm(x.float(), self.num_groups, self.weight.float(), self.bias.float(), self.eps).to(x.dtype)


class LayerNorm(nn.LayerNorm):
    def forward(self, x):
        return F.layer_norm(x.float(), self.normalized_shape, self.weight.float(), self.bias.float(), self.eps).to(x.dtype)


def waves(t, width):
    """Cosines and sines of t [B] at falling frequencies. -> [B, width]"""
    frequencies = torch.exp(-math.log(10_000) * torch.arange(width // 2, device=t.device) / (width // 2))
    angles = t.float()[:, None] * frequencies[None]
    return torch.cat((angles.cos(), angles.sin()), 1)


class Block(nn.Module):
    """Two convolutions; the level of noise scales and shifts between them."""

    def __init__(self, inside, out, told):
        super().__init__()
        self.n1, self.c1 = Norm(inside), nn.Conv2d(inside, out, 3, padding=1)
        self.t = nn.Linear(told, 2 * out)
        self.n2, self.c2 = Norm(out), nn.Conv2d(out, out, 3, padding=1)
        self.k = nn.Conv2d(inside, out, 1) if inside != out else nn.Identity()
        nn.init.zeros_(self.c2.weight)

    def forward(self, x, e):
        scale, shift = self.t(F.silu(e))[:, :, None, None].chunk(2, 1)
        h = self.c1(F.silu(self.n1(x)))
        return self.k(x) + self.c2(F.silu(self.n2(h) * (1 + scale) + shift))


class Attention(nn.Module):
    """Places attend to each other, then to the text, then each thinks for itself."""

    HEADS = 4

    def __init__(self, channels, text):
        super().__init__()
        self.n, self.qkv, self.o = Norm(channels), nn.Linear(channels, 3 * channels), nn.Linear(channels, channels)
        self.n2, self.q, self.kv = LayerNorm(channels), nn.Linear(channels, channels), nn.Linear(text, 2 * channels)
        self.o2, self.n3 = nn.Linear(channels, channels), LayerNorm(channels)
        self.m = nn.Sequential(nn.Linear(channels, 3 * channels), nn.GELU(), nn.Linear(3 * channels, channels))

    def forward(self, x, text):
        shape = x.shape
        h = x.flatten(2).transpose(1, 2)
        h = h + self.o(self.attend(*self.qkv(self.n(x).flatten(2).transpose(1, 2)).chunk(3, -1)))
        h = h + self.o2(self.attend(self.q(self.n2(h)), *self.kv(text).chunk(2, -1)))
        h = h + self.m(self.n3(h))
        return h.transpose(1, 2).reshape(shape)

    def attend(self, q, k, v):
        """Written out: for 64 places torch's fused kernel takes several times as long backwards in bfloat16 on a processor."""
        q, k, v = (t.unflatten(-1, (self.HEADS, -1)).transpose(1, 2) for t in (q, k, v))
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
        return (weights @ v).transpose(1, 2).flatten(2)


class TextUnet(nn.Module):
    """Latents [B, 8, 16, 16], timestep [B] in 0..999, text [B, 16, 384] -> v [B, 8, 16, 16]. 5.0 million weights."""

    def __init__(self):
        super().__init__()
        self.t = nn.Sequential(nn.Linear(128, 256), nn.SiLU(), nn.Linear(256, 256))
        self.p = nn.Linear(384, 256)
        self.i = nn.Conv2d(8, 64, 3, padding=1)
        self.d1, self.d2 = Block(64, 64, 256), Block(64, 64, 256)
        self.dn = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.e1, self.e2, self.m1, self.m2 = (Block(128, 128, 256) for _ in range(4))
        self.a1, self.a2, self.a3, self.a4, self.a5 = (Attention(128, 384) for _ in range(5))
        self.f1, self.f2 = Block(256, 128, 256), Block(256, 128, 256)
        self.up = nn.Conv2d(128, 256, 1)
        self.u1, self.u2, self.u3 = (Block(128, 64, 256) for _ in range(3))
        self.no, self.out = Norm(64), nn.Conv2d(64, 8, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x, t, text):
        e = self.t(waves(t, 128).to(x.dtype)) + self.p(text.sum(1) / 8)  # about as many of the 16 are words
        i = self.i(x)
        d1 = self.d1(i, e)
        d2 = self.d2(d1, e)
        e1 = self.a1(self.e1(self.dn(d2), e), text)
        e2 = self.a2(self.e2(e1, e), text)
        h = self.m2(self.a3(self.m1(e2, e), text), e)
        h = self.a4(self.f1(torch.cat((h, e2), 1), e), text)
        h = self.a5(self.f2(torch.cat((h, e1), 1), e), text)
        h = F.pixel_shuffle(self.up(h), 2)
        for block, skip in ((self.u1, d2), (self.u2, d1), (self.u3, i)):
            h = block(torch.cat((h, skip), 1), e)
        return self.out(F.silu(self.no(h)))


class ScoreNet(nn.Module):
    """Grey pictures [B, 1, 32, 32] with noise sigma [B] -> the data in them. Karras et al. 2022, eq. 7. 1.4 million weights."""

    DEVIATION = 0.45  # of the data

    def __init__(self):
        super().__init__()
        self.t = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 128))
        self.i = nn.Conv2d(4, 40, 3, padding=1)
        self.d1, self.d2 = Block(40, 40, 128), nn.Conv2d(40, 80, 3, stride=2, padding=1)
        self.e1, self.e2, self.d3 = Block(80, 80, 128), Block(80, 80, 128), nn.Conv2d(80, 96, 3, stride=2, padding=1)
        self.m1, self.m2, self.u1 = Block(96, 96, 128), Block(96, 96, 128), nn.Conv2d(96, 320, 1)
        self.f1, self.f2, self.u2 = Block(160, 80, 128), Block(160, 80, 128), nn.Conv2d(80, 160, 1)
        self.g1, self.g2 = Block(80, 40, 128), Block(80, 40, 128)
        self.n, self.o = Norm(40), nn.Conv2d(40, 4, 3, padding=1)
        nn.init.zeros_(self.o.weight)
        nn.init.zeros_(self.o.bias)

    def forward(self, x, sigma):
        """Preconditioning in float32, the network in its own precision."""
        s = sigma.float()[:, None, None, None]
        total = (s * s + self.DEVIATION**2).sqrt()
        answer = self.network((x / total).to(self.o.weight.dtype), sigma.float().log() / 4 * 1000)
        return self.DEVIATION**2 / total**2 * x + s * self.DEVIATION / total * answer.float()

    def network(self, x, told):
        e = self.t(waves(told, 64).to(x.dtype))
        i = self.i(F.pixel_unshuffle(x, 2))
        d1 = self.d1(i, e)
        e1 = self.e1(self.d2(d1), e)
        e2 = self.e2(e1, e)
        h = F.pixel_shuffle(self.u1(self.m2(self.m1(self.d3(e2), e), e)), 2)
        h = self.f2(torch.cat((self.f1(torch.cat((h, e2), 1), e), e1), 1), e)
        h = F.pixel_shuffle(self.u2(h), 2)
        h = self.g2(torch.cat((self.g1(torch.cat((h, d1), 1), e), i), 1), e)
        return F.pixel_shuffle(self.o(F.silu(self.n(h))), 2)


class Correction(nn.Module):
    """Latents [B, 8, 16, 16] -> what their linear decoding lacks [B, 3, 64, 64]. 0.32 million weights; begins as nothing."""

    def __init__(self):
        super().__init__()
        turn = lambda width: nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.GELU(), nn.Conv2d(width, width, 3, padding=1))
        self.i, self.r = nn.Conv2d(8, 64, 3, padding=1), nn.ModuleList(turn(64) for _ in range(3))
        self.u, self.r2, self.u2 = nn.Conv2d(64, 128, 3, padding=1), turn(32), nn.Conv2d(32, 12, 3, padding=1)
        nn.init.zeros_(self.u2.weight)
        nn.init.zeros_(self.u2.bias)

    def forward(self, latents):
        h = self.i(latents)
        for turn in self.r:
            h = h + turn(h)
        h = F.pixel_shuffle(self.u(F.gelu(h)), 2)
        h = h + self.r2(h)
        return F.pixel_shuffle(self.u2(F.gelu(h)), 2)
