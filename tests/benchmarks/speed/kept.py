"""What was measured, as it lies beside the page: parts may be measured anew one by one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.speed.figures import Against, Figure
from tests.benchmarks.speed.plan import PARTS

ROOT = Path(__file__).resolve().parents[3]
FIGURES = ROOT / "docs" / "speed" / "figures.json"


@dataclass(frozen=True)
class Kept:
    """The figures of one part, and on what and when they were measured."""

    machine: Mapping[str, Any]
    rows: tuple[Against, ...]
    figures: tuple[Figure, ...]


def read(file: Path = FIGURES) -> dict[str, Kept]:
    """By part, in the order of `PARTS`; empty where nothing was measured yet."""
    stored = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {name: _kept(stored[name]) for name in PARTS if name in stored}


def write(part: str, measured: Mapping[str, Any], file: Path = FIGURES) -> None:
    """Put the figures of one part in the place of those from before."""
    stored = json.loads(file.read_text("utf-8")) if file.exists() else {}
    stored[part] = measured
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({name: stored[name] for name in PARTS if name in stored}, indent=1) + "\n", "utf-8")


def _kept(stored: Mapping[str, Any]) -> Kept:
    rows = tuple(Against.read(row) for row in stored["rows"])
    return Kept(stored["machine"], rows, tuple(Figure.read(figure) for figure in stored["figures"]))
