"""Numbers taken apart into digits whose sums are exact.

The digits lie on binary grids, each so coarse that float64 adds a block of them, and of their products, without
rounding.  Adding and subtracting 1.5 * 2^(52 + unit) rounds a float64 to whole 2^unit.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[Any]

SCALE = 149
"""Sums are whole numbers of 2^-149, the smallest float32; sums of products, of its square."""

BLOCK = 1 << 15
"""Numbers of all channels together that are added up at once; 256 kB stay in the cache."""

# OpenBLAS gives a dot product of up to 10,000 to one thread; several wait for each other longer than they compute, and
# ever so long where other processes have the processors.
PIECE = 1 << 13

_BITS = 19  # of a digit: the sum of BLOCK products of two has 53 bits
_as_integers = np.frompyfunc(int, 1, 1)


def block_sums(block: Floats) -> tuple[Integers, Integers]:
    """The sums of each channel of a block, (channels, numbers), and of the products two by two; uses it up.

    Returns
    -------
    sums : (channels,) of int, in units of 2^-149
    products : (channels, channels) of int, in units of 2^-298

    Raises
    ------
    ValueError
        For a value that is not finite.
    """
    sums: Integers = np.zeros(len(block), object)
    products: Integers = np.zeros((len(block), len(block)), object)
    digits: list[Floats] = []
    pieces = _pieces(block)
    for _, digit in on_grids(pieces, exponent(pieces, axis=(1, 2)) - _BITS, _BITS + 1):
        sums = sums + _whole(digit.sum(axis=(1, 2)), SCALE)
        for other in digits:
            mixed = _dots(digit, other)
            products = products + mixed + mixed.T
        products = products + _dots(digit, digit)
        digits.append(digit)
    return sums, products


def exponent(values: Floats, axis: tuple[int, ...] | None = None) -> Any:
    """The smallest whole e for which no absolute value along `axis` reaches 2^e.

    Raises
    ------
    ValueError
        For a value that is not finite.
    """
    largest = np.maximum(values.max(axis, keepdims=True), -values.min(axis, keepdims=True))
    refuse_infinite(bool(np.isfinite(largest).all()))
    return np.frexp(largest)[1]


def on_grids(values: Floats, unit: Any, step: int) -> Iterator[tuple[Any, Floats]]:
    """Digits that add up to `values`, each a multiple of 2^unit and the next on a grid finer by 2^step; uses them up.

    Parameters
    ----------
    unit : int, or array of int that broadcasts
        No value may reach 2^(unit + 51).
    """
    while values.any():
        magic = np.ldexp(1.5, 52 + unit)
        digit = values + magic
        digit -= magic
        values -= digit
        yield unit, digit
        unit = unit - step


def refuse_infinite(finite: bool) -> None:
    """Complain unless `finite`."""
    if not finite:
        raise ValueError("has values beyond float32 (3.4e38), which cannot be added up; put a rescale above it")


def _pieces(block: Floats) -> Floats:
    """(channels, numbers) as (channels, pieces, numbers of a piece); zeros, which add nothing, fill up the last."""
    channels, numbers = block.shape
    piece = min(numbers, PIECE)
    missing = -numbers % piece
    filled = np.pad(block, ((0, 0), (0, missing))) if missing else block
    return filled.reshape(channels, -1, piece)


def _dots(one: Floats, other: Floats) -> Integers:
    """Sums of the products of each channel with each."""
    return _whole(np.vecdot(one[:, None], other[None]).sum(axis=2), 2 * SCALE)


def _whole(values: Floats, scale: int) -> Integers:
    """Multiples of 2^-scale as integers."""
    return np.asarray(_as_integers(np.ldexp(values, scale)), object)
