"""Training on a CPU: drives the C program of ``cpu/``, which needs a C compiler and make."""

from __future__ import annotations

import subprocess
import sys
from array import array
from pathlib import Path
from typing import Sequence

from trctrain import KitError
from trctrain.checkpoint import HEAD_BYTES
from trctrain.config import Shape
from trctrain.engine import Rates
from trctrain.tokens import Tokens
from trctrain.windows import Window

KIT = Path(__file__).resolve().parents[1]
PROGRAM = Path("build/trc-train")


def build() -> Path:
    """Has make bring the program up to date; returns where it is."""
    try:
        run = subprocess.run(["make", "-s", "-C", str(KIT), str(PROGRAM)], capture_output=True)
    except OSError as e:
        raise KitError(f"cannot run make: {e.strerror}; install make and gcc") from e
    if run.returncode:
        raise KitError("the C trainer cannot be built:\n"
                       + run.stderr.decode(errors="replace").strip())
    return KIT / PROGRAM


class CpuEngine:
    """A process of the program; see cpu/main.c for what is said on its pipes."""

    def __init__(self, shape: Shape, tokens: Tokens, threads: int, program: Path | None = None,
                 kernel: str | None = None) -> None:
        if shape.kv_heads:
            raise KitError("the C trainer knows no kv_heads; train with --engine torch")
        if sys.byteorder == "big":
            raise KitError("the C trainer needs a little-endian machine")
        self._shape = shape
        self._tokens = tokens
        self._process = subprocess.Popen(
            [str(program or build()), *map(str, (
                shape.vocabulary, shape.context, shape.embedding, shape.layers, shape.heads,
                shape.feed_forward, int(shape.untied), threads)), *([kernel] if kernel else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._in, self._out = self._process.stdin, self._process.stdout
        self._errors = self._process.stderr
        kernel_used, parameters = self._answer("ready")
        self.name = f"C, {kernel_used} kernel, {threads} threads"
        if int(parameters) != shape.parameters:
            self.close()
            raise KitError(f"the C trainer counts {parameters} parameters, not {shape.parameters}")

    def _failed(self) -> KitError:
        """What it said at its end."""
        said = self._errors.read().decode(errors="replace").strip()
        status = self._process.wait()
        self.close()
        return KitError(said or f"the C trainer ended with {status}")

    def _say(self, line: str, windows: Sequence[Window] = ()) -> None:
        try:
            self._in.write(line.encode() + b"\n")
            for window in windows:
                self._in.write(self._tokens.window(window, self._shape.context))
            self._in.flush()
        except BrokenPipeError:
            raise self._failed() from None

    def _answer(self, word: str) -> list[str]:
        words = self._out.readline().decode().split()
        if not words:
            raise self._failed()
        if words[0] != word:
            raise KitError(f"the C trainer answered {' '.join(words)!r} instead of {word}")
        return words[1:]

    def _floats(self, count: int) -> array[float]:
        data = self._out.read(4 * count)
        if len(data) != 4 * count:
            raise self._failed()
        return array("f", data)

    def _file(self, verb: str, checkpoint: Path) -> None:
        if "\n" in str(checkpoint):
            raise KitError(f"a path with a line end in it: {checkpoint}")
        self._say(f"{verb} {HEAD_BYTES} {checkpoint.resolve()}")
        self._answer("ok")

    def load(self, checkpoint: Path) -> None:
        self._file("load", checkpoint)

    def save(self, checkpoint: Path) -> None:
        self._file("save", checkpoint)

    def warm_up(self, batch: int) -> None:
        """Nothing to do: the program is compiled."""

    def step(self, windows: Sequence[Window], rates: Rates) -> float | None:
        self._say(f"step {len(windows)} {rates.rate!r} {rates.decay!r} {rates.matrix_rate!r} "
                  f"{rates.matrix_decay!r} {rates.momentum!r} {rates.number}", windows)
        return float(self._answer("loss")[0])

    def losses(self, windows: Sequence[Window]) -> array[float]:
        self._say(f"losses {len(windows)}", windows)
        return self._floats(int(self._answer("losses")[0]))

    def gradients(self, windows: Sequence[Window]) -> tuple[float, array[float]]:
        """Mean loss and its gradient in the order of the GGUF file: for tests."""
        self._say(f"gradients {len(windows)}", windows)
        count, loss = self._answer("gradients")
        return float(loss), self._floats(int(count))

    def close(self) -> None:
        """Ends the process."""
        try:
            self._in.close()
        except BrokenPipeError:
            pass  # it has ended before, with something still unsaid
        self._process.wait()
        self._out.close()
        self._errors.close()
