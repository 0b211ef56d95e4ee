"""The values where a mask says so."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.parts import in_parts
from prep_core.kernels.switch import kernel

Mask = NDArray[np.bool_]


def chosen(values: NDArray[Any], mask: Mask) -> NDArray[Any]:
    """``values[mask]``: those of the values where the mask of their shape is True, in row-major order, as (n,)."""
    kernel_of = _BY_SIZE.get(values.itemsize)
    lie_alike = values.shape == mask.shape and values.flags.carray and mask.flags.c_contiguous
    if kernel_of is None or not lie_alike or not values.dtype.isnative:
        picked: NDArray[Any] = values[mask]
        return picked
    given, where = values.reshape(-1).view(f"u{values.itemsize}"), mask.reshape(-1)
    counts = in_parts(where.size, lambda part: (part.start, int(np.count_nonzero(where[part]))))
    ends = accumulate(count for _, count in counts)
    places = {start: slice(end - count, end) for (start, count), end in zip(counts, ends, strict=True)}
    taken = np.empty(sum(count for _, count in counts), values.dtype)
    out = taken.view(given.dtype)
    in_parts(where.size, lambda part: kernel_of(given[part], where[part], out[places[part.start]]))
    return taken


@kernel
def chosen_of_8(values: NDArray[np.uint8], mask: Mask, out: NDArray[np.uint8]) -> None:
    """Write those of (n,) values where (n,) `mask` is True to `out`, which has room for as many."""
    out[:] = values[mask]


@kernel
def chosen_of_16(values: NDArray[np.uint16], mask: Mask, out: NDArray[np.uint16]) -> None:
    """Write those of (n,) values where (n,) `mask` is True to `out`, which has room for as many."""
    out[:] = values[mask]


@kernel
def chosen_of_32(values: NDArray[np.uint32], mask: Mask, out: NDArray[np.uint32]) -> None:
    """Write those of (n,) values where (n,) `mask` is True to `out`, which has room for as many."""
    out[:] = values[mask]


_BY_SIZE: Mapping[int, Callable[..., None]] = {1: chosen_of_8, 2: chosen_of_16, 4: chosen_of_32}
