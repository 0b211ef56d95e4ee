"""What docs/fitting.md shows: the files that a reader has, the commands, and what they answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PAGE = Path(__file__).resolve().parents[1] / "docs" / "fitting.md"


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the file that it is, if any, and its text."""

    kind: str
    file: str
    text: str


def blocks() -> Iterator[Block]:
    """The blocks of the page, in order."""
    for kind, file, text in re.findall(
        r"^```(\S+) ?(\S*)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        yield Block(kind, file, text)


def make_scans(folder: Path) -> None:
    """Twelve scans, each brighter than the one before it."""
    (folder / "scans").mkdir()
    for number in range(12):
        np.save(
            folder / "scans" / f"case{number:02}.npy", (np.arange(48) + 10 * number).astype(np.float32).reshape(6, 8)
        )
