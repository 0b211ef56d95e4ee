"""What was measured, as it lies beside the page: parts may be measured anew one by one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.reliability.figure import Figure

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "reliability" / "figures.json"


@dataclass(frozen=True)
class Kept:
    """The figures of one part, and on what and when they were measured."""

    machine: Mapping[str, Any]
    figures: tuple[Figure, ...]


def read(parts: Sequence[str], file: Path) -> dict[str, Kept]:
    """By part, in the order of `parts`; empty where nothing was measured yet."""
    stored = _stored(file)
    return {name: _kept(stored[name]) for name in parts if name in stored}


def write(part: str, measured: Kept, parts: Sequence[str], file: Path) -> None:
    """Put the figures of one part in the place of those from before; what is none of `parts` any more goes."""
    stored = {**_stored(file), part: asdict(measured)}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({name: stored[name] for name in parts if name in stored}, indent=1) + "\n", "utf-8")


def _stored(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def _kept(stored: Mapping[str, Any]) -> Kept:
    return Kept(stored["machine"], tuple(Figure(**figure) for figure in stored["figures"]))
