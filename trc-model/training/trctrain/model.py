"""The model: LLaMA architecture, tied embeddings. Parameters are named as in the GGUF file."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trctrain.config import HEAD, Shape

ROPE_BASE = 10_000.0
NORM_EPSILON = 1e-5


class Norm(nn.Module):
    """RMSNorm."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + NORM_EPSILON) * self.weight


class Rotation(nn.Module):
    """Rotary positions on adjacent pairs, as llama.cpp rotates this architecture."""

    def __init__(self, context: int) -> None:
        super().__init__()
        frequencies = ROPE_BASE ** (-torch.arange(0, HEAD, 2).float() / HEAD)
        angles = torch.outer(torch.arange(context).float(), frequencies)
        self.register_buffer("cos", torch.cos(angles), persistent=False)
        self.register_buffer("sin", torch.sin(angles), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        cos, sin = self.cos[:x.shape[-2]], self.sin[:x.shape[-2]]
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention; spelled out where PyTorch (before 2.0) has none of its own."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    length = q.shape[-2]
    future = torch.full((length, length), float("-inf"), device=q.device).triu(1)
    scores = (q @ k.transpose(-1, -2)).float() / math.sqrt(HEAD) + future
    return torch.softmax(scores, -1).to(v.dtype) @ v


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, keys = shape.embedding, shape.key_heads * HEAD
        self.attn_norm = Norm(width)
        self.attn_q = nn.Linear(width, width, bias=False)
        self.attn_k = nn.Linear(width, keys, bias=False)
        self.attn_v = nn.Linear(width, keys, bias=False)
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_norm = Norm(width)
        self.ffn_gate = nn.Linear(width, shape.feed_forward, bias=False)
        self.ffn_up = nn.Linear(width, shape.feed_forward, bias=False)
        self.ffn_down = nn.Linear(shape.feed_forward, width, bias=False)
        self._groups = shape.heads // shape.key_heads

    def forward(self, x: Tensor, rotation: Rotation) -> Tensor:
        batch, length, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(batch, length, -1, HEAD).transpose(1, 2)

        h = self.attn_norm(x)
        q, k, v = heads(self.attn_q(h)), heads(self.attn_k(h)), heads(self.attn_v(h))
        q, k = rotation(q).to(v.dtype), rotation(k).to(v.dtype)
        if self._groups > 1:
            k, v = k.repeat_interleave(self._groups, 1), v.repeat_interleave(self._groups, 1)
        y = attention(q, k, v).transpose(1, 2).reshape(batch, length, -1)
        x = x + self.attn_output(y)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class Model(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.token_embd = nn.Embedding(shape.vocabulary, shape.embedding)
        self.output_norm = Norm(shape.embedding)
        self.blk = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.rotation = Rotation(shape.context)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                deep = name.endswith(("attn_output.weight", "ffn_down.weight"))
                nn.init.normal_(weight, std=0.02 / math.sqrt(2 * shape.layers) if deep else 0.02)

    def forward(self, ids: Tensor, targets: Tensor) -> Tensor:
        """Cross entropy of every target, in nats, flat."""
        x = self.token_embd(ids)
        for layer in self.blk:
            x = layer(x, self.rotation)
        logits = F.linear(self.output_norm(x), self.token_embd.weight).float()
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
