"""A short calculation on every value of an image, in one pass and without images in between."""

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.logarithm import take_logarithm
from prep_core.kernels.mapped import Floats, Operation, mapped
from prep_core.kernels.switch import kernel

NUMBERS = 10
"""Numbers that an operation has at most."""

FINITE: Operation = ("finite",)
"""Changes nothing; whether all is finite there is what `carry_out` answers."""

_BLOCK = 1 << 15  # 128 kB of float32: stays in the second-level cache


def by_formula(image: NDArray[Any], *operations: Operation, out: Floats | None = None) -> Floats:
    """Carry out `operations` on every value, one after the other, each rounded to float32.

    Parameters
    ----------
    image : (...) real ndarray
    operations : tuple
        ("-", a), ("/", a), ("*", a), ("+", a): x - a, x / a, x * a, x + a.
        ("clip", low, high): limited to low and high; NaN stays.
        ("round",): to the nearest integer, halves to the even one.
        ("sqrt",): the square root; NaN below 0.
        And those of `prep_core.kernels.logarithm`.
        Numbers are floats, or arrays that broadcast over the image; all are rounded to float32.
    out : (...) float32 ndarray, optional
        Where to write, of the shape of the image; it may be the image itself.

    Returns
    -------
    (...) float32 ndarray
        To the bit what NumPy's float32 gives, one operation after the other.
    """
    numbers = [number for operation in operations for number in _numbers(operation)]
    return mapped(image, numbers, partial(_one_part, _codes(operations)), out)


def carry_out(operations: Sequence[Operation], values: NDArray[Any], out: Floats) -> bool:
    """Write to `out`, (n,) float32, what `operations` make of `values`, as `by_formula` does.

    Parameters
    ----------
    operations : sequence of tuple
        With plain numbers.
    values : (n,) float32 ndarray, or one of integers of 8 or 16 bits
        Aligned, in native order; may be `out` itself.

    Returns
    -------
    bool
        Whether all values were finite wherever the operations say `FINITE`; where not, `out` has anything.
    """
    codes = _codes(operations)
    numbers = np.array([_numbers(operation) for operation in operations], np.float32).reshape(-1, NUMBERS)
    if values.dtype == np.float32:
        return formula(values, out, codes, numbers)
    bits = 8 * values.dtype.itemsize
    sign = 1 << bits - 1 if values.dtype.kind == "i" else 0
    if bits == 8:
        return formula_of_bytes(values.view(np.uint8), sign, out, codes, numbers)
    return formula_of_codes(values.view(np.uint16), sign, out, codes, numbers)


@kernel
def formula(values: Floats, out: Floats, codes: NDArray[np.uint8], numbers: Floats) -> bool:
    """Write to `out`, (n,) float32, what the operations make of `values`, (n,) float32; the answer of `carry_out`.

    Parameters
    ----------
    codes : (k,) uint8 ndarray
        The first letter of each operation.
    numbers : (k, NUMBERS) float32 ndarray
    """
    return _by_block(values, 0, out, codes, numbers)


@kernel
def formula_of_bytes(
    values: NDArray[np.uint8], sign: int, out: Floats, codes: NDArray[np.uint8], numbers: Floats
) -> bool:
    """As `formula`, of integers of 8 bits; `sign` is the bit of the sign, or 0."""
    return _by_block(values, sign, out, codes, numbers)


@kernel
def formula_of_codes(
    values: NDArray[np.uint16], sign: int, out: Floats, codes: NDArray[np.uint8], numbers: Floats
) -> bool:
    """As `formula`, of integers of 16 bits; `sign` is the bit of the sign, or 0."""
    return _by_block(values, sign, out, codes, numbers)


def _by_block(values: NDArray[Any], sign: int, out: Floats, codes: NDArray[np.uint8], numbers: Floats) -> bool:
    finite = True
    with np.errstate(all="ignore"):
        for start in range(0, values.size, _BLOCK):
            part, given = out[start : start + _BLOCK], values[start : start + _BLOCK]
            part[:] = (given.astype(np.int32) ^ sign) - sign if sign else given
            for code, own in zip(codes.tobytes().decode(), numbers, strict=True):
                if code == "f":
                    finite &= bool(np.isfinite(part).all())
                else:
                    _operate(code, part, own)
    return finite


def _operate(code: str, part: Floats, numbers: Floats) -> None:
    first, second = numbers[:2]
    match code:
        case "-":
            np.subtract(part, first, out=part)
        case "/":
            np.divide(part, first, out=part)
        case "*":
            np.multiply(part, first, out=part)
        case "+":
            np.add(part, first, out=part)
        case "c":
            np.clip(part, first, second, out=part)
        case "r":
            np.rint(part, out=part)
        case "s":
            np.sqrt(part, out=part)
        case "l":
            take_logarithm(part, numbers)


def _numbers(operation: Operation) -> tuple[Any, ...]:
    own = operation[1:]
    return *own, *(0,) * (NUMBERS - len(own))


def _codes(operations: Sequence[Operation]) -> NDArray[np.uint8]:
    return _letters(*(name for name, *_ in operations))


@cache
def _letters(*names: str) -> NDArray[np.uint8]:
    """The first letter of each name; read-only."""
    return np.frombuffer("".join(name[0] for name in names).encode(), np.uint8)


def _one_part(codes: NDArray[np.uint8], values: Floats, out: Floats, numbers: Floats) -> None:
    formula(values, out, codes, numbers.reshape(-1, NUMBERS))
