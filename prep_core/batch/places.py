"""Where each file of a batch lies in the folder of its results."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prep_core.batch.aside import Aside, put
from prep_core.batch.result import sidecar_name
from prep_core.batch.thumbnail import facts_in
from prep_core.provenance import MASKS, to_json

THUMBNAILS = "thumbnails"
"""The folder, beside the results, that holds a small picture of each."""


@dataclass(frozen=True)
class Places:
    """The files of the result that is called `name`, in the folder of a batch."""

    folder: Path
    format: str

    @property
    def folders(self) -> tuple[Path, ...]:
        """All folders that hold files of a batch."""
        return self.folder, self.folder / MASKS, self.folder / THUMBNAILS

    def file(self, name: str) -> str:
        return f"{name}.{self.format}"

    def result(self, name: str) -> Path:
        return self.folder / self.file(name)

    def mask(self, name: str) -> Path:
        return self.folder / MASKS / self.file(name)

    def thumbnail(self, name: str) -> Path:
        return self.folder / THUMBNAILS / f"{name}.png"

    def sidecar(self, name: str) -> Path:
        return self.folder / sidecar_name(self.file(name), self.format)

    def record(self, name: str) -> dict[str, Any]:
        """The provenance of a result."""
        record: dict[str, Any] = json.loads(self.sidecar(name).read_bytes())
        return record

    def facts(self, name: str) -> dict[str, Any]:
        """What the thumbnail of a result holds besides its pixels."""
        return facts_in(self.thumbnail(name).read_bytes())

    def is_drawn(self, name: str) -> bool:
        """Whether there is a whole thumbnail of the result that the provenance tells of."""
        try:
            return bool(self.facts(name)["of"] == self.record(name)["output"]["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def take(self, aside: Aside, name: str) -> None:
        """Move files that wait to their places.

        The sidecar of before goes first and the new one comes last, so that none ever lies beside a result that is
        not its own.
        """
        record = json.loads(aside.record.read_bytes())
        record["output"]["file"] = self.file(name)
        self.sidecar(name).unlink(missing_ok=True)
        self.mask(name).unlink(missing_ok=True)
        if "mask" in record["output"]:
            record["output"]["mask"]["file"] = f"{MASKS}/{self.file(name)}"
            _move(aside.mask, self.mask(name))
        _move(aside.result, self.result(name))
        _move(aside.thumbnail, self.thumbnail(name))
        put(aside.record, to_json(record).encode())
        _move(aside.record, self.sidecar(name))


def _move(path: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    path.replace(place)
