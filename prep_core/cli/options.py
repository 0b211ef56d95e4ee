"""What commands have in common: scans of strangers, answers about them, and recipes."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prep_core.batch import Read
from prep_core.bundle import from_file_bytes
from prep_core.cli.outcome import CallError
from prep_core.engine import Engine, Here
from prep_core.io import Answers, Guarded, Limits, RawForm
from prep_core.line import RecipeError
from prep_core.recipe import Recipe

LIMITS = Limits(
    file_bytes=2**34,
    voxels=2**31,
    decoded_bytes=2**34,
    members=100_000,
    archive_bytes=2**34,
    seconds=600,
    memory_bytes=2**36,
)
"""A command line serves one person, who knows what is asked of the machine; a page serves many."""


def reader_of(options: argparse.Namespace) -> Read:
    """What reads files of strangers, in a process of their own, wherever it is called."""
    return Guarded(limits_of(options)).load


@contextmanager
def engine_of(options: argparse.Namespace) -> Iterator[Engine]:
    """Who works on the scans."""
    yield Here()


def add_answers(parser: argparse.ArgumentParser) -> None:
    told = parser.add_argument_group("what a file cannot tell, and what it may cost")
    told.add_argument("--axes", help="axes of an array, in its own order: ZYX, TYX, CYX, YXC, ...")
    told.add_argument("--spacing", type=_spacing, metavar="Z,Y,X", help="voxel size in mm")
    told.add_argument("--unit", help="unit of the values: HU, dB, a.u., ...")
    told.add_argument("--modality", help="DICOM code: CT, MR, CR, US, OPT, MIC, MSI, AST, ...")
    told.add_argument("--part", help="which array of a file that holds several, by its name there")
    told.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="raise or lower a limit that an error names; may be repeated",
    )
    told.add_argument(
        "--raw",
        metavar="TYPE:ZxYxX[:little|big][:HEADER]",
        help="what bare numbers are: type, lengths (the slowest axis first), byte order (default: little), and bytes "
        "of header to leave out; int16:44x256x256, or float32:512x512:big:1024",
    )


def _spacing(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


def answers_of(options: argparse.Namespace) -> dict[str, Any]:
    """What the user says of all scans, checked before the first is read."""
    told = {name: getattr(options, name) for name in ("axes", "spacing", "unit", "modality", "part")}
    try:
        told["raw"] = RawForm.parse(options.raw) if options.raw else None
        Answers(**told)
    except ValueError as error:
        raise CallError(str(error)) from None
    return told


def limits_of(options: argparse.Namespace) -> Limits:
    try:
        return LIMITS.with_words(options.limit)
    except ValueError as error:
        raise CallError(str(error)) from None


def read_recipe(path: str) -> Recipe:
    """The recipe in a file: YAML, or a bundle with its arrays."""
    try:
        return from_file_bytes(Path(path).read_bytes())
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from None
