"""Training with PyTorch: made for one large GPU.

On a CPU, in float32, it is what the C trainer is checked against.
"""

from __future__ import annotations

import math
from array import array
from pathlib import Path
from typing import Sequence

import numpy
import torch
from torch import Tensor, nn

from trctrain.checkpoint import HEAD_BYTES, load
from trctrain.config import Shape
from trctrain.engine import Rates
from trctrain.model import Model
from trctrain.tokens import Tokens
from trctrain.windows import Window

LOOK_EVERY = 25
"""On a GPU, steps between looks at the loss: each makes the card wait."""


def orthogonalised(stack: Tensor) -> Tensor:
    """Brings the singular values of a stack of matrices near 1: five steps of Newton-Schulz."""
    x = stack.bfloat16() if stack.is_cuda else stack
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.transpose(-1, -2)
    x = x / (x.flatten(-2).norm(dim=-1)[..., None, None] + 1e-7)
    for _ in range(5):
        square = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return (x.transpose(-1, -2) if tall else x).float()


class Muon:
    """Momentum whose steps are orthogonalised; matrices of one shape go through it as a stack."""

    def __init__(self, matrices: dict[str, nn.Parameter], compiled: bool) -> None:
        self._groups: dict[tuple[int, ...], list[str]] = {}
        for name, matrix in matrices.items():
            self._groups.setdefault(tuple(matrix.shape), []).append(name)
        self._matrices = matrices
        self._momentum = {shape: torch.zeros(len(names), *shape, device=matrices[names[0]].device)
                          for shape, names in self._groups.items()}
        self._orthogonalised = torch.compile(orthogonalised) if compiled else orthogonalised

    def momentum(self) -> dict[str, Tensor]:
        """Views of the state, by the name of the matrix."""
        return {name: self._momentum[shape][i] for shape, names in self._groups.items()
                for i, name in enumerate(names)}

    @torch.no_grad()
    def warm_up(self) -> None:
        for momentum in self._momentum.values():
            self._orthogonalised(momentum)

    @torch.no_grad()
    def step(self, rates: Rates) -> None:
        for shape, names in self._groups.items():
            matrices = [self._matrices[name] for name in names]
            gradient = torch.stack([matrix.grad for matrix in matrices])
            momentum = self._momentum[shape]
            momentum.lerp_(gradient, 1 - rates.momentum)
            update = self._orthogonalised(gradient.lerp(momentum, rates.momentum))
            size = rates.matrix_rate * math.sqrt(max(1.0, shape[0] / shape[1]))
            for matrix, part in zip(matrices, update.unbind(0)):
                matrix.mul_(1 - rates.matrix_rate * rates.matrix_decay).sub_(part, alpha=size)


class TorchEngine:
    """The model on CUDA if it is there, else on the CPU; the tokens lie beside it."""

    def __init__(self, shape: Shape, tokens: Tokens) -> None:
        cuda = torch.cuda.is_available()
        self._device = "cuda" if cuda else "cpu"
        self.name = f"PyTorch {torch.__version__}, {self._device}"
        self._shape = shape
        self._bos = tokens.bos
        arrays = [numpy.frombuffer(ids, dtype="<u2") for ids in tokens.files]
        self._first = numpy.cumsum([0] + [len(ids) for ids in arrays]).tolist()
        self._ids = torch.from_numpy(numpy.concatenate(arrays).astype(numpy.int32)).to(self._device)
        low = torch.bfloat16 if cuda else torch.float32
        self._model = Model(shape, low).to(self._device)
        self._parameters = dict(self._model.named_parameters())
        matrices = {name: p for name, p in self._parameters.items()
                    if name.startswith("blk.") and p.dim() == 2}
        self._rest = {name: p for name, p in self._parameters.items() if name not in matrices}
        self._muon = Muon(matrices, compiled=cuda)
        fused = {"fused": True} if cuda else {}
        self._adam = torch.optim.AdamW(
            [{"params": [p for p in self._rest.values() if p.dim() == 2]},
             {"params": [p for p in self._rest.values() if p.dim() < 2], "weight_decay": 0.0}],
            lr=1.0, betas=(0.9, 0.95), eps=1e-8, **fused)
        self._forward = torch.compile(self._model) if cuda else self._model
        self._taken = 0

    def warm_up(self, batch: int) -> None:
        """Has everything compiled, for these very sizes."""
        if self._device == "cpu":
            return
        ids = torch.zeros(batch, self._shape.context + 1, dtype=torch.long, device=self._device)
        self._forward(ids[:, :-1].clone(), ids[:, 1:]).mean().backward()
        self._model.zero_grad(set_to_none=True)
        self._muon.warm_up()
        torch.cuda.synchronize()

    # The state, in the order of the GGUF file.

    def load(self, checkpoint: Path) -> None:
        state = load(checkpoint)
        numbers = numpy.fromfile(checkpoint, dtype="<f4", offset=HEAD_BYTES)
        weights, first, second = numbers.reshape(3, -1)
        momentum = self._muon.momentum()
        at = 0
        for tensor in state.shape.tensors():
            parameter = self._parameters[tensor.name]
            part = slice(at, at + tensor.parameters)
            at += tensor.parameters

            def of(numbers: numpy.ndarray) -> Tensor:
                return torch.from_numpy(numbers[part].copy()).view(parameter.shape).to(self._device)

            parameter.data.copy_(of(weights))
            if tensor.name in momentum:
                momentum[tensor.name].copy_(of(first))
            else:
                self._adam.state[parameter] = {
                    "step": torch.tensor(float(state.step), device=self._device),
                    "exp_avg": of(first), "exp_avg_sq": of(second)}

    def save(self, checkpoint: Path) -> None:
        momentum = self._muon.momentum()
        moments = {name: (m, torch.zeros_like(m)) for name, m in momentum.items()}
        for name, parameter in self._rest.items():
            state = self._adam.state[parameter]
            moments[name] = state["exp_avg"], state["exp_avg_sq"]
        names = [tensor.name for tensor in self._shape.tensors()]
        with open(checkpoint, "ab") as file:
            for part in ([self._parameters[name] for name in names],
                         [moments[name][0] for name in names],
                         [moments[name][1] for name in names]):
                for tensor in part:
                    tensor.detach().cpu().numpy().astype("<f4").tofile(file)

    # The work.

    def _batch(self, windows: Sequence[Window]) -> tuple[Tensor, Tensor]:
        starts = torch.tensor([self._first[w.file] + w.start for w in windows])
        begins = torch.tensor([w.bos for w in windows])
        if self._device == "cuda":
            starts, begins = starts.pin_memory(), begins.pin_memory()
        starts = starts.to(self._device, non_blocking=True)
        begins = begins.to(self._device, non_blocking=True)
        length = torch.arange(self._shape.context + 1, device=self._device)
        ids = self._ids[starts[:, None] + length].long()
        inputs = ids[:, :-1].clone()
        inputs[:, 0] = torch.where(begins, self._bos, inputs[:, 0])
        return inputs, ids[:, 1:]

    def step(self, windows: Sequence[Window], rates: Rates) -> float | None:
        loss = self._forward(*self._batch(windows)).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._rest.values(), 1.0)
        for group, decay in zip(self._adam.param_groups, (rates.decay, 0.0)):
            group["lr"], group["weight_decay"] = rates.rate, decay
        self._muon.step(rates)
        self._adam.step()
        self._model.zero_grad(set_to_none=True)
        self._taken += 1
        look = self._device == "cpu" or self._taken % LOOK_EVERY == 0
        return loss.item() if look else None

    @torch.no_grad()
    def losses(self, windows: Sequence[Window]) -> array[float]:
        return array("f", self._model(*self._batch(windows)).tolist())

    def gradients(self, windows: Sequence[Window]) -> tuple[float, array[float]]:
        """Mean loss and its gradient in the order of the GGUF file: for tests."""
        loss = self._model(*self._batch(windows)).mean()
        loss.backward()
        result = array("f")
        for tensor in self._shape.tensors():
            result.extend(self._parameters[tensor.name].grad.flatten().tolist())
        self._model.zero_grad(set_to_none=True)
        return loss.item(), result

    def close(self) -> None:
        """Nothing to do: PyTorch gives memory back when the engine is gone."""
