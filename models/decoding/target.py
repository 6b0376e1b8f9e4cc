"""The target model in PyTorch, from its GGUF file: a llama with grouped queries, as `DecoderGraph` builds it."""

import gguf
import numpy as np
import torch
import torch.nn.functional as F

HEADS, KV_HEADS, SIZE = 9, 3, 64
ROPE_BASE, EPSILON = 100_000.0, 1e-5


def rms(x, weight):
    return F.rms_norm(x, weight.shape, weight, EPSILON)


def rotary(positions):
    """Cosines and sines at positions [..., T], each [..., T, SIZE / 2]."""
    angle = positions[..., None].float() * ROPE_BASE ** (-torch.arange(0, SIZE, 2).float() / SIZE)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    """Halves, not interleaved; x [B, heads, T, SIZE], cos and sin [B, T, SIZE / 2]."""
    a, b = x.chunk(2, -1)
    cos, sin = cos[:, None].to(x.dtype), sin[:, None].to(x.dtype)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


class Layer(torch.nn.Module):
    """One block; `kv_heads` is 3 in the target and 9 in the heads."""

    def __init__(self, weights):
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, torch.nn.Parameter(value.clone()))

    def forward(self, x, cos, sin, mask, cache=None):
        """mask [B, 1, T, S], true where attended; cache: (keys, values, at), written in place."""
        batch, length, _ = x.shape
        qkv = rms(x, self.n1) @ self.qkv.T
        kv_heads = (self.qkv.shape[0] // SIZE - HEADS) // 2
        q, k, v = (t.view(batch, length, -1, SIZE).transpose(1, 2) for t in qkv.split((HEADS * SIZE, kv_heads * SIZE, kv_heads * SIZE), -1))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if cache is not None:
            keys, values, at = cache
            keys[:, :, at:at + length], values[:, :, at:at + length] = k, v
            k, v = keys[:, :, :at + length], values[:, :, :at + length]
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=kv_heads != HEADS)
        x = x + a.transpose(1, 2).reshape(batch, length, -1) @ self.o.T
        gate, up = (rms(x, self.n2) @ self.gu.T).chunk(2, -1)
        return x + (F.silu(gate) * up) @ self.d.T


def unrotated(weight, heads):
    """GGUF keeps rows of Q and K for interleaved rotary embedding; this puts them back into halves."""
    return weight.reshape(heads, SIZE // 2, 2, -1).swapaxes(1, 2).reshape(heads * SIZE, -1)


class Target:
    def __init__(self, path, dtype=torch.float32):
        tensors = {t.name: t for t in gguf.GGUFReader(path).tensors}

        def read(name):
            t = tensors[name]
            return torch.from_numpy(np.array(gguf.quants.dequantize(t.data, t.tensor_type), np.float32)).to(dtype)

        self.embedding = read("token_embd.weight")
        self.norm = read("output_norm.weight")
        self.layers = []
        while f"blk.{len(self.layers)}.attn_q.weight" in tensors:
            b = f"blk.{len(self.layers)}."
            q, k = unrotated(read(b + "attn_q.weight"), HEADS), unrotated(read(b + "attn_k.weight"), KV_HEADS)
            self.layers.append(Layer({
                "n1": read(b + "attn_norm.weight"), "n2": read(b + "ffn_norm.weight"),
                "qkv": torch.cat((q, k, read(b + "attn_v.weight"))), "o": read(b + "attn_output.weight"),
                "gu": torch.cat((read(b + "ffn_gate.weight"), read(b + "ffn_up.weight"))), "d": read(b + "ffn_down.weight"),
            }).requires_grad_(False))

    def hidden(self, ids, positions, mask, caches=None, at=0):
        """Last hidden states behind the final norm, [B, T, 576]."""
        cos, sin = rotary(positions)
        x = self.embedding[ids]
        for i, layer in enumerate(self.layers):
            x = layer(x, cos, sin, mask, None if caches is None else (*caches[i], at))
        return rms(x, self.norm)
