"""What rules look at: numbers of a scan that several of them need, each computed once, when first asked for."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan

SAMPLE = 2**21
"""At most so many voxels are looked at where an estimate serves."""

PLANES = 8
"""At most so many planes are looked at where neighbours matter."""

SIDE = 8
"""Blocks for the statistics of neighbours are squares of so many pixels."""

ENOUGH = 4096
"""Voxels from which the shape of a histogram says something."""

LINE = 4
"""Rows and columns with fewer voxels are lost by chance."""

_CHUNK = 1 << 22

_PART = 1 << 18


@dataclass(frozen=True)
class Seen:
    """A scan with at least one valid voxel, and what is measured on it.  Complex values by their magnitude."""

    scan: Scan

    @classmethod
    def told(cls, scan: Scan, figures: Mapping[str, Any]) -> Self:
        """A scan whose voxels are elsewhere, with the figures by name that were computed there."""
        seen = cls(scan)
        vars(seen).update(figures)
        return seen

    @cached_property
    def values(self) -> NDArray[Any]:
        """(n,) the valid voxels."""
        scan = self.scan
        valid = scan.data.reshape(-1) if scan.all_valid else scan.data[scan.valid]
        return np.abs(valid) if np.iscomplexobj(valid) else valid

    def parts(self) -> Iterator[tuple[NDArray[Any], NDArray[np.bool_] | bool]]:
        """The voxels in parts that fit into a cache, and which are valid: `values` may be a copy of all of them."""
        scan = self.scan
        if scan.all_valid or np.iscomplexobj(scan.data):
            data, valid = self.values, None
        else:
            data, valid = scan.data.reshape(-1), scan.valid.reshape(-1)
        for start in range(0, data.size, _PART):
            some = slice(start, start + _PART)
            yield data[some], True if valid is None else valid[some]

    @cached_property
    def count(self) -> int:
        scan = self.scan
        return scan.data.size if scan.all_valid else int(np.count_nonzero(scan.valid))

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value; integers stay exact."""
        lows, highs = zip(*(_ends(part, valid) for part, valid in self.parts()), strict=True)
        return np.min(lows).item(), np.max(highs).item()

    @cached_property
    def low(self) -> float:
        """The smallest value; integers stay exact."""
        return self.ends[0]

    @cached_property
    def high(self) -> float:
        """The largest value."""
        return self.ends[1]

    @cached_property
    def zeros(self) -> int:
        return self._count(np.equal) if self.low <= 0 <= self.high else 0

    @cached_property
    def negatives(self) -> int:
        return self._count(np.less) if self.low < 0 else 0

    def _count(self, holds: np.ufunc) -> int:
        """For how many valid voxels `holds(value, 0)`."""
        return sum(int(np.count_nonzero(holds(part, 0) & valid)) for part, valid in self.parts())

    @cached_property
    def not_finite(self) -> int:
        """How many voxels are NaN or infinite, padding among them."""
        data = self.scan.data
        return data.size - int(np.count_nonzero(np.isfinite(data))) if data.dtype.kind in "fc" else 0

    @cached_property
    def lost_lines(self) -> tuple[int, int]:
        """How many rows and columns of `LINE` voxels or more have no finite value, in planes that have some."""
        data = self.scan.data
        if data.dtype.kind not in "fc" or self.scan.all_valid:
            return 0, 0
        finite = np.isfinite(data)
        in_use = finite.any(axis=(-1, -2))[..., None]
        rows, columns = (
            int(np.count_nonzero(in_use & ~finite.any(axis=axis))) if data.shape[axis] >= LINE else 0
            for axis in (-1, -2)
        )
        return rows, columns

    @cached_property
    def is_grey(self) -> bool:
        """Whether three channels are equal everywhere."""
        red, green, blue = np.moveaxis(self.scan.data, self.scan.axes.index("C"), 0)
        return np.array_equal(red, green) and np.array_equal(red, blue)

    @property
    def is_integer(self) -> bool:
        return self.scan.data.dtype.kind in "iu"

    @property
    def is_colour(self) -> bool:
        """Whether the channels are red, green and blue."""
        return self.scan.channels == ("R", "G", "B") and self.scan.size("C") == 3

    @property
    def has_unit(self) -> bool:
        """Whether the values are measured in something physical that has a meaning below zero."""
        return self.scan.unit in ("HU", "dB")

    @cached_property
    def sample(self) -> NDArray[np.float64]:
        """(n,) at most `SAMPLE` of the valid voxels, evenly spread, the same ones each time."""
        return self.values[:: stride(self.values.size, self.scan.data.shape)].astype(np.float64)

    @property
    def sampled(self) -> str:
        """What shares of the sample are shares of, in words."""
        return "the voxels" if self.sample.size == self.count else f"{self.sample.size:,} evenly spread voxels"

    @cached_property
    def percents(self) -> dict[float, float]:
        """Percentiles 0.1, 1, 50, 99 and 99.9 of the sample."""
        wanted = (0.1, 1.0, 50.0, 99.0, 99.9)
        return dict(zip(wanted, map(float, np.percentile(self.sample, wanted)), strict=True))

    @cached_property
    def levels(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The distinct values in ascending order, and how often each occurs.

        Every voxel is counted for integers of up to 16 bits; of other types, the sample.
        """
        values = self.values
        if self.is_integer and values.dtype.itemsize <= 2:
            low = int(self.low)
            counts = np.zeros(int(self.high) - low + 1, np.int64)
            for start in range(0, values.size, _CHUNK):
                shifted = values[start : start + _CHUNK].astype(np.int32) - low
                counts += np.bincount(shifted, minlength=counts.size)
            there = np.flatnonzero(counts)
            return (there + low).astype(np.float64), counts[there]
        distinct, counts = np.unique(self.sample, return_counts=True)
        return distinct, counts.astype(np.int64)

    @cached_property
    def blocks(self) -> NDArray[np.float64]:
        """(n, SIDE, SIDE) squares of neighbours out of at most `PLANES` planes, without those that touch padding.

        They have at most `SAMPLE` pixels in all.
        """
        shape = self.scan.data.shape
        data = self.scan.data.reshape(-1, *shape[-2:])
        at = np.unique(np.linspace(0, len(data) - 1, min(PLANES, len(data))).round().astype(int))
        valid = self.scan.valid.reshape(data.shape)[at]
        if min(shape[-2:]) < SIDE:
            return np.zeros((0, SIDE, SIDE))
        squares = _squares(data[at])[_squares(valid).all(axis=(1, 2))]
        return (np.abs(squares) if np.iscomplexobj(squares) else squares).astype(np.float64)

    @cached_property
    def noise(self) -> float:
        """What the darkest tenth of the picture scatters by, in the unit of the values; 0 where nothing scatters.

        In each block the median absolute difference of neighbours along a row, as a standard deviation; of those
        above 0, the 10th percentile.
        """
        steps = np.abs(np.diff(self.blocks, axis=2)).reshape(len(self.blocks), SIDE * (SIDE - 1))
        # A normal deviate has a median of 0.6745 without its sign, and a difference of two has sqrt(2) its spread.
        spreads = np.median(steps, axis=1) / (0.6745 * math.sqrt(2))
        scattering = spreads[spreads > 0]
        return float(np.percentile(scattering, 10)) if scattering.size else 0.0


def stride(size: int, shape: tuple[int, ...]) -> int:
    """The smallest step that leaves at most `SAMPLE` of `size` voxels and does not keep to some rows or columns."""
    step = max(1, math.ceil(size / SAMPLE))
    while any(n > 1 and math.gcd(step, n) > 1 for n in shape) and step > 1:
        step += 1
    return step


def _ends(part: NDArray[Any], valid: NDArray[np.bool_] | bool) -> tuple[Any, Any]:
    """The smallest and the largest value where `valid`; where nothing is, the ends of the type the other way round."""
    if isinstance(valid, bool):
        return part.min(), part.max()
    if part.dtype.kind not in "iu":
        return np.where(valid, part, np.inf).min(), np.where(valid, part, -np.inf).max()
    # Unsigned keys in the order of the values: bits can be set and cleared several times faster than chosen.
    key = np.dtype(f"u{part.itemsize}")
    sign = key.type(1 << 8 * part.itemsize - 1 if part.dtype.kind == "i" else 0)
    keys = part.view(key) ^ sign
    left_out = (valid.view(np.int8) - np.int8(1)).astype(f"i{part.itemsize}").view(key)
    low, high = ((found ^ sign).view(part.dtype) for found in ((keys | left_out).min(), (keys & ~left_out).max()))
    return low, high


def _squares(planes: NDArray[Any]) -> NDArray[Any]:
    """(m, SIDE, SIDE) of (n, y, x), evenly spread with at most `SAMPLE` pixels; what is left over is left out."""
    n, y, x = planes.shape[0], planes.shape[1] // SIDE, planes.shape[2] // SIDE
    cut = planes[:, : y * SIDE, : x * SIDE].reshape(n, y, SIDE, x, SIDE)
    every = math.ceil(math.sqrt(planes.size / SAMPLE))
    return cut[:, ::every, :, ::every].swapaxes(2, 3).reshape(-1, SIDE, SIDE)
