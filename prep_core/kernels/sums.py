"""The sum of many numbers, and of their squares, without any rounding."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.counting import has_few_bits
from prep_core.kernels.digits import BLOCK, SCALE, block_sums, refuse_infinite
from prep_core.kernels.pieces import each_piece
from prep_core.kernels.switch import kernel

WORDS = 20
"""Words of 32 bits for a sum: the squares of 2^60 of the largest float32 are below 2^(2 * (128 + 149) + 60)."""

_BLOCK = 1 << 18


def exact_totals(values: NDArray[Any]) -> tuple[int, int]:
    """The sum of (n,) real numbers, as float32 holds them, in units of 2^-149, and of their squares, of 2^-298.

    Raises
    ------
    ValueError
        For a value that is not finite as float32.
    """
    if has_few_bits(values):
        totals, squares = zip(*each_piece(values, values.dtype.newbyteorder("="), _of_integers), strict=True)
        return sum(totals) << SCALE, sum(squares) << 2 * SCALE
    totals, squares = zip(*each_piece(values, np.float32, _of_floats), strict=True)
    return sum(totals), sum(squares)


@kernel
def float_sums(values: NDArray[np.float32], words: NDArray[np.uint32]) -> bool:
    """Write the sum of (n,) values and of their squares to `words`, unless one of them is not finite.

    Parameters
    ----------
    words : (2, WORDS)
        Whole numbers of 2^-149 and of 2^-298: two's complement, the lowest word first.
    """
    total = squares = 0
    for start in range(0, values.size, BLOCK):
        block = values[start : start + BLOCK]
        if not np.isfinite(block).all():
            return False
        sums, products = block_sums(block.astype(np.float64)[None])
        total, squares = total + sums[0], squares + products[0, 0]
    words[:] = [_words(total), _words(squares)]
    return True


@kernel
def byte_sums(codes: NDArray[np.uint8], sign: int) -> NDArray[np.int64]:
    """The sum of (n,) integers and of their squares, as (2,); of those codes `sign` is the bit of the sign, or 0."""
    return _in_blocks(codes, sign)


@kernel
def code_sums(codes: NDArray[np.uint16], sign: int) -> NDArray[np.int64]:
    """The sum of (n,) integers and of their squares, as (2,); of those codes `sign` is the bit of the sign, or 0."""
    return _in_blocks(codes, sign)


def _in_blocks(codes: NDArray[Any], sign: int) -> NDArray[np.int64]:
    sums = np.zeros(2, np.int64)
    for start in range(0, codes.size, _BLOCK):
        values = (codes[start : start + _BLOCK].astype(np.int64) ^ sign) - sign
        sums += (values.sum(), values @ values)
    return sums


def _of_floats(values: NDArray[np.float32]) -> tuple[int, int]:
    words = np.empty((2, WORDS), np.uint32)
    refuse_infinite(float_sums(values, words))
    return _number(words[0]), _number(words[1])


def _of_integers(values: NDArray[Any]) -> tuple[int, int]:
    bits = 8 * values.dtype.itemsize
    sign = 1 << bits - 1 if values.dtype.kind == "i" else 0
    found = byte_sums(values.view(np.uint8), sign) if bits == 8 else code_sums(values.view(np.uint16), sign)
    return int(found[0]), int(found[1])


def _words(number: int) -> NDArray[np.uint32]:
    return np.frombuffer(number.to_bytes(4 * WORDS, "little", signed=True), "<u4").astype(np.uint32)


def _number(words: NDArray[np.uint32]) -> int:
    return int.from_bytes(words.astype("<u4").tobytes(), "little", signed=True)
