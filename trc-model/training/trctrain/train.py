"""A training run: schedule, order of the windows, log and checkpoints, whatever engine computes.

OUT/checkpoint.bin holds the whole state, OUT/log.tsv a row per evaluation, OUT/loss.svg the curves.
On the CPU, an interrupted and resumed run gives the same numbers as one in a single piece, bit for
bit, unless ``seconds`` in the configuration lets the clock decide.
"""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Callable

from trctrain import KitError, checkpoint
from trctrain.checkpoint import State
from trctrain.config import Config, Shape
from trctrain.engine import Engine, Rates
from trctrain.gguf import Gguf
from trctrain.log import Log, Row, load
from trctrain.plot import plot
from trctrain.tokens import Meta, Tokens, held_out_file, training_file
from trctrain.windows import Source, Window, Windows

HELD_OUT_WINDOWS = 256
"""Windows that an evaluation looks at, shared among the categories."""

AT_ONCE = 16
"""Windows that an evaluation hands to the engine at a time."""


class Trainer:
    """A run: resumed from the checkpoint in ``out``, else begun from a GGUF file or the seed."""

    def __init__(self, config: Config, data: Path, out: Path,
                 engine: Callable[[Shape, Tokens], Engine], init: Path | None = None) -> None:
        self._config = config
        self._out = out
        self._meta = Meta.load(data)
        out.mkdir(parents=True, exist_ok=True)
        self._checkpoint = out / "checkpoint.bin"
        if not self._checkpoint.exists():
            self._begin(init)
        self._state = checkpoint.load(self._checkpoint)
        shape = self._state.shape
        if config.shape not in (None, shape):
            raise KitError(f"{self._checkpoint} is of another shape: {shape}")
        if len(self._meta.lengths) != shape.vocabulary:
            raise KitError(f"{data} has {len(self._meta.lengths)} token ids, the model "
                           f"{shape.vocabulary}")
        paths, weights = self._training_files(data)
        held_out = [held_out_file(data, category.name) for category in config.categories]
        self._tokens = Tokens(paths + held_out, self._meta.bos)
        sources = [Source(len(ids), weight) for ids, weight in zip(self._tokens.files, weights)]
        epoch = sum(source.tokens * source.weight for source in sources)
        self._training = training = config.training.on(epoch / shape.context)
        self._windows = Windows(sources, shape.context, training.seed, training.bos,
                                self._state.epoch, self._state.taken)
        self._held_out = self._held_out_windows(len(paths))
        self._log = Log(out / "log.tsv", self._state.step)
        self._engine = engine(shape, self._tokens)
        self._engine.load(self._checkpoint)
        print(f"{config.name}: {shape.parameters / 1e6:.2f} M parameters, {self._engine.name}, "
              f"{epoch / 1e6:.2f} M tokens an epoch, from step {self._state.step}", flush=True)

    @property
    def step(self) -> int:
        return self._state.step

    def _begin(self, init: Path | None) -> None:
        if init:
            model = Gguf.load(init)
            shape = model.check()
            weights = checkpoint.gguf_weights(model)
        else:
            shape = self._config.known_shape()
            weights = checkpoint.random_weights(shape, self._config.training.seed)
        checkpoint.begin(self._checkpoint, State(self._config.name, shape), weights)

    def _training_files(self, data: Path) -> tuple[list[Path], list[float]]:
        paths: list[Path] = []
        weights: list[float] = []
        for category in self._config.categories:
            for number in range(category.dresses):
                path = training_file(data, category.name, number)
                if not path.exists():
                    raise KitError(f"{path} is missing: {data} was prepared for another "
                                   "configuration")
                paths.append(path)
                weights.append(category.weight / category.dresses)
        return paths, weights

    def _held_out_windows(self, first: int) -> dict[str, list[Window]]:
        """By category: windows spread evenly over its held-out tokens, if there are enough."""
        length = self._state.shape.context
        most = max(1, HELD_OUT_WINDOWS // len(self._config.categories))
        result = {}
        for file, category in enumerate(self._config.categories, first):
            starts = range(0, len(self._tokens.files[file]) - length, length)
            if starts:
                step = -(-len(starts) // most)
                result[category.name] = [Window(file, start, False) for start in starts[::step]]
        if not result:
            raise KitError(f"no category has held out as much as a window of {length} tokens; "
                           "take more text, or name some of it as --judges")
        return result

    def run(self, stop_at: int | None = None, seconds: float | None = None) -> None:
        """Trains to the end of the schedule, or until step ``stop_at`` or for so many seconds."""
        training = self._training
        self._engine.warm_up(training.batch)
        began = time.monotonic()
        clock = began - self._state.seconds
        over = training.progress(self._state.step, self._state.seconds) >= 1
        if not self._state.step:
            print(f"before: {self._told(self.held_out())}", flush=True)
            began = clock = time.monotonic()
        while not over:
            self._advance()
            now = time.monotonic()
            self._state.seconds = now - clock
            over = (training.progress(self._state.step, self._state.seconds) >= 1
                    or self._state.step == stop_at
                    or seconds is not None and now - began >= seconds)
            if over or self._state.step % training.evaluate_every == 0:
                self._report()
                self._save()
                clock = time.monotonic() - self._state.seconds  # the report is not training
        plot(load(self._out / "log.tsv"), self._out / "loss.svg", self._config.name)

    def close(self) -> None:
        """Ends what the engine keeps running."""
        self._engine.close()

    def _advance(self) -> None:
        training, state = self._training, self._state
        pace = training.pace(state.step, state.seconds)
        rates = Rates(training.rate * pace, training.weight_decay, training.matrix_rate * pace,
                      training.matrix_decay, training.momentum(state.step), state.step + 1)
        loss = self._engine.step(self._windows.take(training.batch), rates)
        state.step += 1
        if loss is not None:
            if not math.isfinite(loss):
                raise KitError(f"the loss is {loss} at step {state.step}; lower the rates")
            state.loss = loss if state.loss is None else 0.9 * state.loss + 0.1 * loss

    def held_out(self) -> dict[str, tuple[float, int]]:
        """By category: ideal bits of its held-out windows, and their bytes.

        Each window begins without a past; BOS costs nothing.
        """
        length = self._state.shape.context
        result = {}
        for category, windows in self._held_out.items():
            bits, size = 0.0, 0
            for i in range(0, len(windows), AT_ONCE):
                some = windows[i:i + AT_ONCE]
                losses = self._engine.losses(some)
                for number, window in enumerate(some):
                    targets = self._tokens.targets(window, length)
                    for token, loss in zip(targets, losses[number * length:(number + 1) * length]):
                        if token != self._meta.bos:
                            bits += loss / math.log(2)
                            size += self._meta.lengths[token]
            result[category] = bits, size
        return result

    def _report(self) -> None:
        state, training = self._state, self._training
        tokens = state.step * training.batch * state.shape.context
        results = self.held_out()
        row = Row(state.step, tokens, state.seconds, math.nan if state.loss is None else state.loss,
                  training.rate * training.pace(max(0, state.step - 1), state.seconds),
                  tokens / max(1e-9, state.seconds), _bits_per_byte(results))
        self._log.append(row)
        print(f"step {row.step}  {row.tokens / 1e6:.2f} M tokens  loss {row.loss:.4f}  "
              f"lr {row.lr:.2e}  {row.tokens_per_second:.0f} tokens/s  "
              f"{self._told(results)}", flush=True)

    @staticmethod
    def _told(results: dict[str, tuple[float, int]]) -> str:
        each = "  ".join(f"{name} {bits / max(1, size):.4f}"
                         for name, (bits, size) in results.items())
        return f"held out {_bits_per_byte(results):.4f} bits/byte: {each}"

    def _save(self) -> None:
        self._state.epoch, self._state.taken = self._windows.epoch, self._windows.taken
        part = self._checkpoint.with_suffix(".part")
        checkpoint.write_head(part, self._state)
        self._engine.save(part)
        os.replace(part, self._checkpoint)


def _bits_per_byte(results: dict[str, tuple[float, int]]) -> float:
    return (sum(bits for bits, _ in results.values())
            / max(1, sum(size for _, size in results.values())))
