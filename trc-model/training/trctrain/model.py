"""The model in PyTorch: LLaMA architecture. Parameters are named as in the GGUF file."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trctrain.config import HEAD, Shape
from trctrain.gguf import NORM_EPSILON, ROPE_BASE


class Norm(nn.Module):
    """RMSNorm, in float32."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + NORM_EPSILON) * self.weight


class Rotation(nn.Module):
    """Rotary positions on adjacent pairs, as llama.cpp rotates this architecture."""

    def __init__(self, context: int) -> None:
        super().__init__()
        frequencies = ROPE_BASE ** (-torch.arange(0, HEAD, 2).float() / HEAD)
        angles = torch.outer(torch.arange(context).float(), frequencies)
        self.register_buffer("cos", torch.cos(angles), persistent=False)
        self.register_buffer("sin", torch.sin(angles), persistent=False)

    def forward(self, x: Tensor, first: int = 0) -> Tensor:
        """Turns x (..., positions, HEAD), whose positions begin with ``first``."""
        cos, sin = self.cos[first:first + x.shape[-2]], self.sin[first:first + x.shape[-2]]
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention of the last positions, q's, to all, k's and v's."""
    length, past = q.shape[-2], k.shape[-2] - q.shape[-2]
    if not past and hasattr(F, "scaled_dot_product_attention"):  # since PyTorch 2.0
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    future = torch.full((length, past + length), float("-inf"), device=q.device).triu(past + 1)
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
        self._split = (width, keys, keys)

    def projections(self, x: Tensor, low: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values of all heads, not yet turned: (batch, head, position, HEAD)."""
        weights = torch.cat((self.attn_q.weight, self.attn_k.weight, self.attn_v.weight)).to(low)
        parts = F.linear(self.attn_norm(x).to(low), weights).split(self._split, -1)
        q, k, v = (part.unflatten(-1, (-1, HEAD)).transpose(1, 2) for part in parts)
        return q, k, v

    def rest(self, x: Tensor, q: Tensor, k: Tensor, v: Tensor, low: torch.dtype) -> Tensor:
        """The layer's output, from turned queries and keys."""
        if self._groups > 1:
            k, v = k.repeat_interleave(self._groups, 1), v.repeat_interleave(self._groups, 1)
        y = attention(q.to(low), k.to(low), v).transpose(1, 2).flatten(2)
        x = x + F.linear(y, self.attn_output.weight.to(low)).float()
        both = torch.cat((self.ffn_gate.weight, self.ffn_up.weight)).to(low)
        gate, up = F.linear(self.ffn_norm(x).to(low), both).chunk(2, -1)
        return x + F.linear(F.silu(gate) * up, self.ffn_down.weight.to(low)).float()


class Model(nn.Module):
    """Weights and residual stream are float32; products are computed in ``low``."""

    def __init__(self, shape: Shape, low: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.token_embd = nn.Embedding(shape.vocabulary, shape.embedding)
        self.output_norm = Norm(shape.embedding)
        if shape.untied:
            self.output = nn.Linear(shape.embedding, shape.vocabulary, bias=False)
        self.blk = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.rotation = Rotation(shape.context)
        self.shape = shape
        self.low = low

    def logits(self, x: Tensor) -> Tensor:
        """From the residual stream behind the last layer."""
        weight = self.output.weight if self.shape.untied else self.token_embd.weight
        return F.linear(self.output_norm(x).to(self.low), weight.to(self.low)).float()

    def forward(self, ids: Tensor, targets: Tensor) -> Tensor:
        """Cross entropy of every target, in nats, flat."""
        x = self.token_embd(ids)
        for layer in self.blk:
            q, k, v = layer.projections(x, self.low)
            x = layer.rest(x, self.rotation(q.float()), self.rotation(k.float()), v, self.low)
        return F.cross_entropy(self.logits(x).flatten(0, 1), targets.flatten(), reduction="none")
