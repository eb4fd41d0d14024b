"""Trains a model on token files: CPU or CUDA, resumable at every checkpoint.

OUT/checkpoint.pt holds weights, optimiser, step, data position and random state; OUT/log.tsv a row
per evaluation; OUT/loss.svg the curves. On the CPU, an interrupted and resumed run gives the same
numbers as one in a single piece (unless ``minutes`` in the configuration lets the clock decide).
"""

from __future__ import annotations

import dataclasses
import math
import os
import time
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import Tensor

from trctrain import KitError
from trctrain.config import Config
from trctrain.log import Log, Row, load
from trctrain.model import Model
from trctrain.plot import plot
from trctrain.tokens import Meta
from trctrain.windows import Windows

HELD_OUT_WINDOWS = 96


class TokenFile:
    """Token ids; on CUDA the whole file lives on the card."""

    def __init__(self, path: Path, device: str) -> None:
        ids = numpy.fromfile(path, dtype="<u2").astype(numpy.int32)
        self._ids = torch.from_numpy(ids).to(device)

    def __len__(self) -> int:
        return len(self._ids)

    def batch(self, starts: list[int], length: int) -> tuple[Tensor, Tensor]:
        """Inputs and targets of some windows."""
        first = torch.tensor(starts, device=self._ids.device)[:, None]
        ids = self._ids[first + torch.arange(length + 1, device=self._ids.device)].long()
        return ids[:, :-1], ids[:, 1:]


class Trainer:
    """A run: made from the checkpoint in ``out`` if there is one, else from the seed."""

    def __init__(self, config: Config, data: Path, out: Path, bf16: bool = False) -> None:
        self._config = config
        self._out = out
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._bf16 = bf16 or self._device == "cuda"
        self._meta = Meta.load(data)
        if len(self._meta.lengths) != config.shape.vocabulary:
            raise KitError(f"{data} has {len(self._meta.lengths)} token ids, the configuration "
                           f"{config.shape.vocabulary}")
        self._lengths = torch.tensor(self._meta.lengths, device=self._device)
        self._train = TokenFile(data / "train.bin", self._device)
        self._valid = TokenFile(data / "valid.bin", self._device)
        length = config.shape.context
        starts = range(0, len(self._valid) - length, length)
        if not starts:
            raise KitError(f"{data}/valid.bin holds {len(self._valid)} tokens, fewer than a window "
                           f"of {length}; take more text")
        self._held_out = list(starts[::-(-len(starts) // HELD_OUT_WINDOWS)])

        training = config.training
        torch.manual_seed(training.seed)
        self._model = Model(config.shape).to(self._device)
        matrices = [p for p in self._model.parameters() if p.dim() == 2]
        vectors = [p for p in self._model.parameters() if p.dim() < 2]
        self._optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": training.weight_decay},
             {"params": vectors, "weight_decay": 0.0}], lr=training.rate, betas=(0.9, 0.95))
        self.step = 0
        self._seconds = 0.0
        self._loss = math.nan
        self._windows = Windows(len(self._train), length, training.seed)
        out.mkdir(parents=True, exist_ok=True)
        self._checkpoint = out / "checkpoint.pt"
        if self._checkpoint.exists():
            self._resume(load_checkpoint(self._checkpoint))
        self._log = Log(out / "log.tsv", self.step)
        self._forward = torch.compile(self._model) if self._device == "cuda" else self._model
        print(f"{config.name}: {config.shape.parameters / 1e6:.2f} M parameters, {self._device}, "
              f"{len(self._train)} tokens, from step {self.step}", flush=True)

    def _resume(self, state: dict[str, Any]) -> None:
        if state["shape"] != dataclasses.asdict(self._config.shape):
            raise KitError(f"{self._checkpoint} is of another shape: {state['shape']}")
        self._model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.step, self._seconds, self._loss = state["step"], state["seconds"], state["loss"]
        self._windows = Windows(len(self._train), self._config.shape.context,
                                self._config.training.seed, state["epoch"], state["taken"])
        torch.set_rng_state(state["random"])
        if self._device == "cuda" and state["random_cuda"]:
            torch.cuda.set_rng_state_all(state["random_cuda"])

    def _save(self) -> None:
        state = {
            "shape": dataclasses.asdict(self._config.shape), "name": self._config.name,
            "model": self._model.state_dict(), "optimiser": self._optimiser.state_dict(),
            "step": self.step, "seconds": self._seconds, "loss": self._loss,
            "epoch": self._windows.epoch, "taken": self._windows.taken,
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all() if self._device == "cuda" else [],
        }
        part = self._checkpoint.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, self._checkpoint)

    def run(self, stop_at: int | None = None) -> None:
        """Trains to the end of the schedule, or to a checkpoint at step ``stop_at``."""
        training = self._config.training
        clock = time.monotonic() - self._seconds
        while (training.progress(self.step, self._seconds) < 1
               and (stop_at is None or self.step < stop_at)):
            self._advance()
            self._seconds = time.monotonic() - clock
            over = training.progress(self.step, self._seconds) >= 1
            if self.step % training.evaluate_every == 0 or over or self.step == stop_at:
                self._report()
                self._save()
                self._seconds = time.monotonic() - clock
        plot(load(self._out / "log.tsv"), self._out / "loss.svg", self._config.name)

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self._device, dtype=torch.bfloat16, enabled=self._bf16)

    def _advance(self) -> None:
        training = self._config.training
        rate = training.rate_at(self.step, self._seconds)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        ids, targets = self._train.batch(self._windows.take(training.batch),
                                         self._config.shape.context)
        with self._autocast():
            loss = self._forward(ids, targets).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.step += 1
        if self._device == "cpu" or self.step % 20 == 1:  # reading the loss makes the card wait
            value = loss.item()
            if not math.isfinite(value):
                raise KitError(f"the loss is {value} at step {self.step}; lower the rate")
            self._loss = value if math.isnan(self._loss) else 0.9 * self._loss + 0.1 * value

    @torch.no_grad()
    def held_out_bits_per_byte(self) -> float:
        """Ideal code length of held-out windows; each begins without a past, BOS costs nothing."""
        bits = size = 0.0
        for i in range(0, len(self._held_out), 8):
            ids, targets = self._valid.batch(self._held_out[i:i + 8], self._config.shape.context)
            with self._autocast():
                losses = self._model(ids, targets)
            coded = targets.flatten() != self._meta.bos
            bits += losses[coded].sum().item() / math.log(2)
            size += self._lengths[targets.flatten()].sum().item()
        return bits / size

    def _report(self) -> None:
        training = self._config.training
        tokens = self.step * training.batch * self._config.shape.context
        row = Row(self.step, tokens, self._seconds, self._loss,
                  self._optimiser.param_groups[0]["lr"], tokens / max(1e-9, self._seconds),
                  self.held_out_bits_per_byte())
        self._log.append(row)
        print(f"step {row.step}  {row.tokens / 1e6:.2f} M tokens  loss {row.loss:.4f}  "
              f"lr {row.lr:.2e}  {row.tokens_per_second:.0f} tokens/s  "
              f"held out {row.held_out_bits_per_byte:.4f} bits/byte", flush=True)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Reads a checkpoint of one's own: before PyTorch 2.6 a foreign one could run code."""
    return torch.load(path, map_location="cpu")
