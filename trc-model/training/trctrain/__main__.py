"""The commands of the kit: ``python3 -m trctrain COMMAND --help``."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from trctrain import KitError, corpus, gguf, manifest, toy
from trctrain.config import Config, Shape
from trctrain.holdout import HoldOut, Judges

if TYPE_CHECKING:
    from trctrain.engine import Engine
    from trctrain.tokens import Tokens

MANIFEST = Path(__file__).resolve().parents[1] / "MANIFEST.tsv"

# PyTorch and SentencePiece are imported by the commands that need them: the others run without.


def _prepare(a: argparse.Namespace) -> None:
    from trctrain.tokens import prepare
    prepare(Config.load(a.config), a.corpus, HoldOut(Judges.load(a.judges)), a.out, a.vocabulary)


def _engine(a: argparse.Namespace) -> Callable[[Shape, Tokens], Engine]:
    kind = a.engine
    if kind == "auto":
        kind = "torch" if _cuda() else "cpu"
    if kind == "torch":
        from trctrain.gpu import TorchEngine
        return TorchEngine
    from trctrain.cpu import CpuEngine
    threads = a.threads or os.cpu_count() or 1
    return lambda shape, tokens: CpuEngine(shape, tokens, threads)


def _cuda() -> bool:
    if not importlib.util.find_spec("torch"):
        return False
    import torch
    return bool(torch.cuda.is_available())


def _train(a: argparse.Namespace) -> None:
    from trctrain.train import Trainer
    trainer = Trainer(Config.load(a.config), a.data, a.out, _engine(a), a.init)
    try:
        trainer.run(a.stop_at, a.seconds)
    finally:
        trainer.close()


def _export(a: argparse.Namespace) -> None:
    from trctrain.export import export
    print(f"{a.out}: {export(a.checkpoint, a.vocabulary, a.out)} bytes")


def _shape(a: argparse.Namespace) -> None:
    config = Config.load(a.config)
    shape = config.known_shape()
    print(f"{config.name}: {shape}\n{shape.parameters} parameters, {shape.tensor_bytes} bytes of "
          f"tensors, a GGUF file of at most {shape.file_bytes_at_most} bytes")


def _inspect(a: argparse.Namespace) -> None:
    file = gguf.Gguf.load(a.model)
    shape = file.check()
    print(f"{file.get('general.name')}: {shape}\n{shape.parameters} parameters, "
          f"{a.model.stat().st_size} bytes; within the embedded profile")


def _plot(a: argparse.Namespace) -> None:
    from trctrain.log import load
    from trctrain.plot import plot
    plot(load(a.log), a.out, a.title)


def _evaluate(a: argparse.Namespace) -> None:
    from trctrain.evaluate import Codec, evaluate, table
    results = evaluate(Codec(a.trc, a.model, a.threads), a.texts, a.coders.split(","))
    print(table(results), end="")


def _ideal(a: argparse.Namespace) -> None:
    from trctrain.ideal import ideal, table
    vocabulary = a.vocabulary or a.model
    if vocabulary.suffix not in (".gguf", ".model"):
        raise KitError("a checkpoint has no vocabulary: name it with --vocabulary")
    print(table(ideal(a.model, vocabulary, a.texts, a.window)), end="")


def _collect(a: argparse.Namespace) -> None:
    from trctrain.collect import collect
    sources = manifest.load(a.manifest)
    categories = a.categories.split(",") if a.categories else sorted({s.category for s in sources})
    if failed := collect(sources, a.out, a.kinds.split(","), categories):
        raise KitError(f"{failed} sources could not be had")


def _licences(a: argparse.Namespace) -> None:
    print(manifest.licences(manifest.load(a.manifest)), end="")


def _held_out(a: argparse.Namespace) -> None:
    categories = Config.load(a.config).categories
    corpus.write_held_out(a.corpus, categories, HoldOut(Judges.load(a.judges)), a.out, a.most)


def _subset(a: argparse.Namespace) -> None:
    corpus.write_subset(a.corpus, Config.load(a.config).categories, a.out)


def _excerpts(a: argparse.Namespace) -> None:
    lengths, foreign = (tuple(map(int, x.split(","))) for x in (a.lengths, a.foreign))
    corpus.write_excerpts(a.corpus, Config.load(a.config).categories, Judges.load(a.judges), a.out,
                          lengths, foreign, a.times, a.seed)


def _toy(a: argparse.Namespace) -> None:
    toy.make(a.out)


def _parser() -> argparse.ArgumentParser:
    from trctrain.collect import REGISTRIES
    from trctrain.evaluate import default_command
    parser = argparse.ArgumentParser(prog="trctrain", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], None],
                text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    p = command("collect", _collect, "fetch the registries' part of the corpus; list the rest")
    p.add_argument("out", type=Path)
    p.add_argument("--manifest", type=Path, default=MANIFEST)
    p.add_argument("--kinds", default=",".join(REGISTRIES), help="default: %(default)s")
    p.add_argument("--categories", help="comma-separated; default: all")

    p = command("licences", _licences, "print the corpus by category and licence")
    p.add_argument("--manifest", type=Path, default=MANIFEST)

    p = command("toy", _toy, "write the toy corpus of the smoke test")
    p.add_argument("out", type=Path)

    p = command("shape", _shape, "print parameters and file size of a configuration")
    p.add_argument("config", type=Path)

    p = command("prepare", _prepare, "make the vocabulary and the token files")
    p.add_argument("config", type=Path)
    p.add_argument("corpus", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--judges", type=Path, help="texts that will judge: kept out of training")
    p.add_argument("--vocabulary", type=Path, metavar="GGUF",
                   help="take the vocabulary of this model instead of learning one")

    p = command("held-out", _held_out, "write held-out documents as files, to judge with")
    p.add_argument("config", type=Path)
    p.add_argument("corpus", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--judges", type=Path)
    p.add_argument("--most", type=int, default=200_000, help="bytes a category (%(default)s)")

    p = command("subset", _subset, "write the part of a corpus that a configuration takes")
    p.add_argument("config", type=Path)
    p.add_argument("corpus", type=Path)
    p.add_argument("out", type=Path)

    p = command("excerpts", _excerpts, "write excerpts to learn the mixer's state from")
    p.add_argument("config", type=Path)
    p.add_argument("corpus", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--judges", type=Path)
    p.add_argument("--lengths", default="60,250,1000,3000,6000,4000,20000",
                   help="in bytes (%(default)s)")
    p.add_argument("--foreign", default="3000,5000",
                   help="of those with letters exchanged (%(default)s)")
    p.add_argument("--times", type=int, default=4, help="of each length (%(default)s)")
    p.add_argument("--seed", type=int, default=1)

    p = command("train", _train, "train, or go on training, a model")
    p.add_argument("config", type=Path)
    p.add_argument("data", type=Path, help="what prepare made")
    p.add_argument("out", type=Path, help="checkpoint, log and plot; resumed if there")
    p.add_argument("--init", type=Path, metavar="GGUF",
                   help="begin with this model's weights instead of random ones")
    p.add_argument("--engine", choices=("auto", "cpu", "torch"), default="auto",
                   help="cpu: the C program; torch: PyTorch; auto: torch where CUDA is, else cpu")
    p.add_argument("--threads", type=int, help="of the C program (default: all cores)")
    p.add_argument("--stop-at", type=int, metavar="STEP", help="stop here, to be resumed")
    p.add_argument("--for", type=float, metavar="SECONDS", dest="seconds",
                   help="stop after so long, to be resumed")

    p = command("export", _export, "write the GGUF file of a checkpoint")
    p.add_argument("checkpoint", type=Path)
    p.add_argument("vocabulary", type=Path, help="spm.model, or a GGUF file that has it")
    p.add_argument("out", type=Path)

    p = command("inspect", _inspect, "check a GGUF file against the embedded profile")
    p.add_argument("model", type=Path)

    p = command("plot", _plot, "draw a training log as SVG")
    p.add_argument("log", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("--title", default="training")

    p = command("ideal", _ideal, "ideal code length of texts, in the windows of the codec")
    p.add_argument("model", type=Path, help="a GGUF file or a checkpoint")
    p.add_argument("texts", type=Path)
    p.add_argument("--vocabulary", type=Path, help="spm.model or a GGUF file; for a checkpoint")
    p.add_argument("--window", type=int, help="default: all positions of the model")

    p = command("evaluate", _evaluate, "bits per byte of a folder of texts through the codec")
    p.add_argument("texts", type=Path, help="<category>/<file>, or files")
    p.add_argument("--model", type=Path, help="a GGUF file; default: the embedded model")
    p.add_argument("--trc", default=default_command(), help="command (default: %(default)s)")
    p.add_argument("--coders", default="huffman,range", help="default: %(default)s")
    p.add_argument("-T", "--threads", type=int)
    return parser


def main() -> int:
    arguments = _parser().parse_args()
    try:
        arguments.run(arguments)
    except (KitError, OSError) as e:
        print(f"trctrain: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
