"""What commands have in common: scans of strangers, answers about them, and recipes."""

import argparse
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prep_core.batch import Open, Read
from prep_core.bundle import from_file_bytes
from prep_core.cli.outcome import CallError
from prep_core.engine import Cluster, Engine, EngineError, Here, Processes
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
    whole_bytes=2**30,
)
"""A command line serves one person, who knows what is asked of the machine; a page serves many."""

SCHEMES = ("tcp", "tls")


def reader_of(options: argparse.Namespace) -> Read:
    """What reads files of strangers, in a process of their own, wherever it is called."""
    return Guarded(limits_of(options)).load


def opener_of(options: argparse.Namespace) -> Open:
    """The same, which leaves what is larger than memory on the disk, to be read in parts."""
    return Guarded(limits_of(options)).load_or_open


@contextmanager
def engine_of(options: argparse.Namespace, *folders: Path) -> Iterator[Engine]:
    """Who works on the scans, and writes into `folders`."""
    if options.scheduler:
        try:
            with Cluster(options.scheduler, folders) as cluster:
                # What goes wrong later, Dask would log with stack traces; it is told in one sentence.
                for name in ("distributed", "distributed.client"):
                    logging.getLogger(name).setLevel(logging.CRITICAL)
                yield cluster
        except EngineError as error:
            raise CallError(str(error)) from None
    elif options.workers > 1:
        with Processes(options.workers) as processes:
            yield processes
    else:
        yield Here()


def add_engine(parser: argparse.ArgumentParser) -> None:
    who = parser.add_argument_group("who works on the scans; the bytes are the same").add_mutually_exclusive_group()
    who.add_argument("--workers", type=_workers, default=1, metavar="N", help="processes of this machine; default: 1")
    who.add_argument("--scheduler", type=_address, metavar="ADDRESS", help="a Dask scheduler: tcp://HOST:PORT")


def _workers(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text)


def _address(text: str) -> str:
    scheme, _, place = text.partition("://")
    if scheme not in SCHEMES or not place.rpartition(":")[2].isdecimal():
        raise argparse.ArgumentTypeError(f"must be {' or '.join(f'{s}://HOST:PORT' for s in SCHEMES)}, got {text!r}")
    return text


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
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be sizes in mm such as 2.5,0.7,0.7, got {text!r}") from None


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
