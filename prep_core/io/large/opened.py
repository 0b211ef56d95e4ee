"""A file that is open for reading parts of it: what every opener gives."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import Change, Lazy
from prep_core.scan import Scan


@dataclass(frozen=True)
class Opened:
    """One scan in a file.

    Attributes
    ----------
    pixels : Lazy
        The stored numbers, with the axes of the scan.
    dtype, change
        The type of values, and what makes values of numbers.
    described : callable
        The scan with a stand-in for its values, from how many samples are placeholders.
    no_data : float or None
        The number that stands for no data.
    """

    pixels: Lazy
    dtype: np.dtype[Any]
    change: Change
    described: Callable[[int], Scan]
    no_data: float | None = None

    @property
    def size(self) -> int:
        """Bytes of the whole array once it is decoded."""
        return int(np.prod(self.pixels.shape, dtype=object)) * self.pixels.dtype.itemsize

    def block(self, region: Region) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """Values of a region, and where they are no placeholders; None where the file has none."""
        numbers = self.pixels.read(region)
        known = None if self.no_data is None else numbers != self.no_data
        return self.change(numbers), known


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file, hexadecimal, read in a stream."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
