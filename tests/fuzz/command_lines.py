"""Arguments for the command line: those of its own parsers, with right and wrong values, in right and wrong order.

Nothing that starts processes of its own, asks another machine or writes elsewhere than below "out" comes out here.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from prep_core.cli.main import parser_of_all

RECIPES = (
    "in/good.yaml",
    "in/fit.yaml",
    "in/locked.yaml",
    "in/broken.yaml",
    "in/latin.yaml",
    "in/bundle.zip",
    "in/scan.npy",
)
PATHS = (
    "in/scan.npy",
    "in/flat.npy",
    "in/folder",
    "in/nothing.nii",
    "in/cut.nii.gz",
    "in/list.csv",
    "in/odd.csv",
    "in/bare.raw",
)
NOWHERE = (
    "",
    "in/missing",
    "in",
    "-",
    "--",
    "-x",
    "in/scan.npy/below",
    "é\udcff",
    "x" * 5000,
    "in/*.npy",
    "a\nb",
    "\x1b[31m",
)
OUTPUTS = (
    "out/a.yaml",
    "out/b.zip",
    "out/folder",
    "out/no/folder/a.yaml",
    "out",
    "out/a.yaml/below",
    "out/é\udcff",
    "out/a\nb",
)
ODD = (
    "",
    "0",
    "-1",
    "1e400",
    "nan",
    "inf",
    "1.5",
    "9" * 400,
    "0x10",
    "true",
    "all",
    "é\udcff",
    "a\nb",
    "%s",
    "{}",
    "../..",
    ",",
    ":",
)
VALUES: Mapping[str, Sequence[str]] = {
    "axes": ("ZYX", "YX", "YXC", "XYZ", "Q", "ZZYX"),
    "spacing": ("1,1,1", "0.5,0.5", "1", "1,1,1,1", "0,0,0", "-1,1,1", "nan,nan", "1e9,1,1", "1;1", ",,"),
    "unit": ("HU", "dB", "a.u.", "x" * 500),
    "modality": ("CT", "MR", "ct", "XX"),
    "part": ("first", "a/b", "0"),
    "limit": (
        "voxels=100",
        "voxels=0",
        "voxels",
        "=1",
        "voxel=1",
        "voxels=-1",
        "voxels=1e3",
        "whole_bytes=1",
        "file_bytes=10",
    ),
    "raw": ("int16:4x5x6", "int16:4x5", "float99:4x5", "int16:0x1", "int16", "uint8:240:big:8", "int16:" + "9" * 30),
    "workers": ("0", "-1", "1", "x"),
    "scheduler": ("localhost", "http://127.0.0.1:1", "tcp://", "tcp://host:port"),
    "split": PATHS,
    "split_column": ("split", "path", "nothing"),
    "fold": ("2", "3", "1", "100000", "-2", "9" * 30),
    "format": ("nii.gz", "npy", "tif", "nrrd", "png"),
    "smallest": ("2", "1e-300", "1e300", "-1"),
    "scan": PATHS,
    "to": ("python", "monai", "torchio", "nnunet", "bioimageio", "matlab"),
    "output": OUTPUTS,
    "recipe": RECIPES,
    "first": RECIPES,
    "second": RECIPES,
    "path": PATHS,
    "name": ("clip", "zscore", "clipp"),
    "key": ("ct_lung", "nothing"),
}
"""By what a parser calls it: values that are right or nearly so."""

DANGEROUS = ("output", "workers", "scheduler")
"""Take only their own values: others could write elsewhere, or start a thousand processes."""


def arguments(chance: random.Random) -> list[str]:
    """One list of arguments, most of them right."""
    commands = _commands()
    name = chance.choice(sorted(commands))
    words = _of_command(chance, commands[name])
    if chance.random() < 0.05:
        name = chance.choice((*commands, "", "appl", "frobnicate", "--help", "-h", "--version"))
    words = [name, *words]
    changed = _mutated(chance, words) if chance.random() < 0.25 else words
    return changed if _is_harmless(changed) else words


def _is_harmless(words: Sequence[str]) -> bool:
    """Whether what is dangerous still has a value of its own."""
    named = {"-o": "output", "--output": "output", "--workers": "workers", "--scheduler": "scheduler"}
    pairs = pairwise([*words, ""])
    return all(value in (*VALUES[named[word]], "") for word, value in pairs if word in named)


@cache
def _commands() -> Mapping[str, argparse.ArgumentParser]:
    (choices,) = (a.choices for a in parser_of_all()._actions if isinstance(a, argparse._SubParsersAction))
    return choices


def _of_command(chance: random.Random, parser: argparse.ArgumentParser) -> list[str]:
    words: list[str] = []
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            words += ["--help"] * (chance.random() < 0.01)
            continue
        likely = 0.95 if action.required else 0.12
        if chance.random() >= likely:
            continue
        option = [chance.choice(action.option_strings)] if action.option_strings else []
        if action.nargs == 0:
            words += option
            continue
        count = chance.choice((1, 1, 2)) if action.nargs == "+" else 1
        at = chance.choice((0, len(words))) if option else len(words)
        words[at:at] = option + [_value(chance, action.dest) for _ in range(count)]
    return words


def _value(chance: random.Random, name: str) -> str:
    right = VALUES[name]
    if name in DANGEROUS or chance.random() < 0.8:
        return chance.choice(right)
    return chance.choice(NOWHERE if right in (PATHS, RECIPES) else ODD)


def _mutated(chance: random.Random, words: list[str]) -> list[str]:
    """Some left out, doubled, exchanged or put elsewhere."""
    at, to = chance.randrange(len(words)), chance.randrange(len(words))
    changed = list(words)
    kind = chance.randrange(4)
    if kind == 0:
        del changed[at]
    elif kind == 1:
        changed.insert(to, words[at])
    elif kind == 2:
        changed[at], changed[to] = words[to], words[at]
    else:
        changed.insert(to, chance.choice((*NOWHERE, "--unknown", "--json", "--resume")))
    return changed
