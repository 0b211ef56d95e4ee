"""A series of plain slices as one array: read and rescaled in parallel, each slice straight into its place."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.dicom.pixels import padding_range
from prep_core.io.dicom.place import MISSING, Place
from prep_core.io.dicom.plain import Plain
from prep_core.io.dicom.values import slope_and_intercept
from prep_core.io.values import scale, value_type


@dataclass(frozen=True)
class Stack:
    """The slices of one series in their order.

    Attributes
    ----------
    data : (slices, rows, columns) ndarray
        Values.
    valid : (slices, rows, columns) ndarray of bool
        Which of them are no padding, in slices that are there; one True where all are.
    padded : int
        How many voxels are padding.
    stored : dtype
        Of the numbers in the files.
    digests : tuple of str
        Of the files, in the order in which they were given.
    """

    data: NDArray[Any]
    valid: NDArray[np.bool_]
    padded: int
    stored: np.dtype[Any]
    digests: tuple[str, ...]


def stacked(parts: Sequence[Plain], lie: Place) -> Stack | None:
    """The slices `parts` where they lie; None where they are not used once each, or not of one type.

    The result does not depend on the number of threads.

    Raises
    ------
    ReadError
        When a file changed since its header was read.
    """
    place_of = {i: place_in for place_in, i in enumerate(lie.order) if i != MISSING}
    missing = [place_in for place_in, i in enumerate(lie.order) if i == MISSING]
    first = parts[0]
    used_once = len(place_of) == len(parts) == len(lie.order) - len(missing)
    if not used_once or any((part.dtype, part.shape) != (first.dtype, first.shape) for part in parts):
        return None
    lines = [slope_and_intercept(part.ds) for part in parts]
    # Whether values are whole numbers is seen in the lines; how large they become, when all slices were read.
    expected = value_type(first.dtype, [(0, 0, *line) for line in lines])
    data = np.empty((len(lie.order), *first.shape), expected if expected.kind == "f" else first.dtype)
    bounds = [padding_range(part.ds, first.dtype) for part in parts]
    outside = np.empty(data.shape, bool) if any(bounds) else None
    read = _all_read(
        _Slice(part, line, data[place_of[i]], ends, None if outside is None else outside[place_of[i]])
        for i, (part, line, ends) in enumerate(zip(parts, lines, bounds, strict=True))
    )
    kind = value_type(first.dtype, [(*one.ends, *line) for one, line in zip(read, lines, strict=True)])
    if (kind.itemsize, kind.kind == "f") != (data.itemsize, expected.kind == "f"):
        return None
    padded = sum(one.padded for one in read)
    valid = _valid(data.shape, outside if padded else None, missing)
    return Stack(_filled(data.view(kind), missing), valid, padded, first.dtype, tuple(one.sha256 for one in read))


@dataclass(frozen=True)
class _Slice:
    """A slice, its slope and intercept, the place of its values, the range of padding, and the place of a mask."""

    part: Plain
    line: tuple[float, float]
    values: NDArray[Any]
    bounds: tuple[float, float] | None
    outside: NDArray[np.bool_] | None


@dataclass(frozen=True)
class _Read:
    """The digest of a file, the smallest and largest stored number, and how many are padding."""

    sha256: str
    ends: tuple[int, int]
    padded: int


def _all_read(jobs: Iterable[_Slice]) -> list[_Read]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_read, jobs))


def _read(job: _Slice) -> _Read:
    in_place = job.values.dtype == job.part.dtype
    stored = job.values if in_place else np.empty(job.part.shape, job.part.dtype)
    sha = job.part.read_into(stored)
    ends = int(stored.min()), int(stored.max())
    padded = 0 if job.outside is None else _mark(stored, job.bounds, job.outside)
    if not in_place:
        job.values[...] = scale(stored, *job.line, job.values.dtype)
    elif job.line != (1, 0):
        _rescale(job.values, *job.line)
    return _Read(sha, ends, padded)


def _mark(stored: NDArray[Any], bounds: tuple[float, float] | None, outside: NDArray[np.bool_]) -> int:
    """Set where the stored numbers are padding, and count them."""
    if bounds is None:
        outside[...] = False
    elif bounds[0] == bounds[1] and bounds[0].is_integer():
        np.equal(stored, int(bounds[0]), out=outside)
    else:
        np.logical_and(stored >= bounds[0], stored <= bounds[1], out=outside)
    return int(np.count_nonzero(outside))


def _rescale(numbers: NDArray[Any], slope: float, intercept: float) -> None:
    """slope * number + intercept in place, modulo the size of a number.

    Where the values fit into as many bits, with a sign or without, these are their bits.
    """
    cells, size = numbers.view(f"u{numbers.itemsize}"), 2 ** (8 * numbers.itemsize)
    if slope != 1:
        np.multiply(cells, int(slope) % size, out=cells)
    np.add(cells, int(intercept) % size, out=cells)


def _valid(shape: tuple[int, ...], outside: NDArray[np.bool_] | None, missing: Sequence[int]) -> NDArray[np.bool_]:
    """Which voxels count beside being finite, made of where padding is; one True where all do."""
    if outside is None and not missing:
        return np.array(True)
    valid = np.ones(shape, bool) if outside is None else np.logical_not(outside, out=outside)
    valid[list(missing)] = False
    return valid


def _filled(data: NDArray[Any], missing: Sequence[int]) -> NDArray[Any]:
    """A slice that is missing is as low as any."""
    if missing:
        data[list(missing)] = min(plane.min() for i, plane in enumerate(data) if i not in missing)
    return data
