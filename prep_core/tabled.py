"""Scans of few different values: what a chain of pointwise lines makes of them is a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from prep_core.chain import Link, after_each
from prep_core.kernels.parts import flat, in_parts
from prep_core.kernels.table import CODES, look_up
from prep_core.measure import Counted
from prep_core.scan import Scan

FEWEST = 1 << 18
"""Voxels that are worth a table."""


@dataclass(frozen=True)
class Distinct:
    """The different values of a scan of integers of up to 16 bits.

    Attributes
    ----------
    values : (1, ..., n) ndarray, increasing, of the dtype and with the axes of the scan
    counts : (n,) int64 ndarray, how often each occurs
    """

    values: NDArray[np.generic]
    counts: NDArray[np.int64]


def can_be_tabled(scan: Scan) -> bool:
    """Whether a table is made sooner than its voxels are gone through."""
    data = scan.data
    few = data.dtype.kind in "iu" and data.dtype.itemsize <= 2 and data.dtype.isnative
    return few and scan.all_valid and data.size >= FEWEST


def distinct(scan: Scan, counted: Counted) -> Distinct:
    """The values of a `scan` that can be tabled, from what was counted of all its voxels."""
    values, counts = counted.distinct()
    return Distinct(values.astype(scan.data.dtype).reshape((1,) * (scan.data.ndim - 1) + (-1,)), counts)


def fit(chain: Sequence[Link], scan: Scan) -> bool:
    """Whether `chain` does the same to every voxel: none of its numbers are those of a part of `scan`."""
    return all(prod(array.shape[: scan.data.ndim]) == 1 for link in chain for array in link.numbers.values())


def through(chain: Sequence[Link], known: Distinct) -> NDArray[np.float32]:
    """(n,) what becomes of the values.

    Raises
    ------
    StepError
        For a value that a line has no answer for.
    """
    *_, last = after_each(chain, known.values, None)
    return last.reshape(-1)


def spread_out(results: NDArray[np.float32], known: Distinct, scan: Scan, out: NDArray[np.float32]) -> None:
    """Give each voxel of `scan` what became of its value."""
    wide = np.int16 if scan.data.dtype.kind == "i" else np.uint16
    table = np.zeros(CODES, np.float32)
    table[known.values.astype(wide).reshape(-1).view(np.uint16)] = results
    codes, flat_out = flat(scan.data, wide).view(np.uint16), out.reshape(-1)
    in_parts(codes.size, lambda part: look_up(codes[part], table, flat_out[part]))
