"""Files read in another process: the same scans and errors as here, and nothing that ends this process."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core.io import Answers, Limits, ReadError, Series, load
from prep_core.io.guarded.reader import GuardedReader
from prep_core.scan import Scan
from tests.fuzz.seeds import SEEDS, npy, zipped
from tests.io.dicom.slices import stack
from tests.io.guarded.test_wire import differences

SMALL = npy(np.arange(6, dtype=np.int16).reshape(2, 3))


@pytest.fixture(scope="module")
def shared() -> Iterator[GuardedReader]:
    with GuardedReader(limits=Limits(seconds=30)) as reader:
        yield reader


def outcome(read: Callable[..., list[Scan]], source: Any, **answers: Any) -> Any:
    """Scans, or an error as its type, words and attributes."""
    try:
        return read(source, **answers)
    except ValueError as error:
        return type(error), str(error), vars(error)


@pytest.mark.parametrize("format", SEEDS)
def test_scans_of_every_format_are_the_same(shared: GuardedReader, format: str) -> None:
    source = SEEDS[format]()
    plain = outcome(load, source, name="seed")
    assert list(differences(outcome(shared.load, source, name="seed"), plain)) == []
    assert isinstance(plain, list) or issubclass(plain[0], ReadError)


def kinds(folder: Path) -> Mapping[str, Any]:
    """A source of each kind: path as text and as Path, folder, bytes, mapping of one file and of several."""
    slices = stack(folder / "series", [0.0, 2.5, 5.0])
    (folder / "scan ü.npy").write_bytes(SMALL)
    (folder / "both.zip").write_bytes(zipped(0))
    return {
        "text": str(folder / "scan ü.npy"),
        "path": folder / "both.zip",
        "folder": slices,
        "bytes": SMALL,
        "one file": {"a/scan.npy": SMALL},
        "several": {path.name: path.read_bytes() for path in slices.iterdir()},
        "one broken": {"good.npy": SMALL, "bad.npy": SMALL[:-1]},
        "missing": folder / "missing.nii",
        "nothing": {},
        "empty": b"",
    }


KINDS = ("text", "path", "folder", "bytes", "one file", "several", "one broken", "missing", "nothing", "empty")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_is_the_same(shared: GuardedReader, kind: str, tmp_path: Path) -> None:
    source = kinds(tmp_path)[kind]
    assert list(differences(outcome(shared.load, source), outcome(load, source))) == []


def test_a_relative_path_counts_from_here(
    shared: GuardedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scan.npy").write_bytes(SMALL)
    monkeypatch.chdir(tmp_path)
    assert list(differences(shared.load("scan.npy"), load("scan.npy"))) == []


def test_a_relative_series_counts_from_here(
    shared: GuardedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack(tmp_path / "head", [0, 2, 4])
    shared.load(npy())  # The process has started elsewhere.
    monkeypatch.chdir(tmp_path)
    (scan,) = shared.load(Series("head", ("IM000.dcm", "IM002.dcm"), "some"))
    assert (scan.name, scan.data.shape) == ("some", (2, 4, 5))


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"axes": "TYX", "spacing": (0.5, 0.25), "unit": "dB", "modality": "OPT"},
        {"axes": "YXC"},
        {"axes": "YX"},
        {"axes": "nonsense"},
        {"spacing": (0.0, 1.0)},
        {"limits": Limits(voxels=3)},
        {"limits": Limits(file_bytes=3)},
    ],
    ids=str,
)
def test_answers_questions_and_limits_travel(shared: GuardedReader, answers: dict[str, Any]) -> None:
    source = npy(np.arange(60.0).reshape(3, 4, 5))
    here = outcome(load, source, name="/home/jane/cells.npy", **answers)
    assert list(differences(outcome(shared.load, source, name="/home/jane/cells.npy", **answers), here)) == []


def test_every_answer_that_load_takes_can_be_given() -> None:
    assert set(inspect.signature(load).parameters) == {"source", "name", "limits", *(f.name for f in fields(Answers))}
