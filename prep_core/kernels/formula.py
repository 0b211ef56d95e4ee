"""A short calculation on every value of an image, in one pass and without images in between."""

from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.mapped import Floats, mapped
from prep_core.kernels.switch import kernel

_BLOCK = 1 << 15  # 128 kB of float32: stays in the second-level cache


def by_formula(image: NDArray[Any], *operations: tuple[Any, ...]) -> Floats:
    """Carry out `operations` on every value, one after the other, each rounded to float32.

    Parameters
    ----------
    image : (...) real ndarray
    operations : tuple
        ("-", a), ("/", a), ("*", a), ("+", a): x - a, x / a, x * a, x + a.
        ("clip", low, high): limited to low and high; NaN stays.
        ("round",): to the nearest integer, halves to the even one.
        ("sqrt",): the square root; NaN below 0.
        Numbers are floats, or arrays that broadcast over the image; all are rounded to float32.

    Returns
    -------
    (...) float32 ndarray
        To the bit what NumPy's float32 gives, one operation after the other.
    """
    numbers = [number for _, *own in operations for number in (*own, 0, 0)[:2]]
    return mapped(image, numbers, partial(_one_part, _codes(*(name for name, *_ in operations))))


@cache
def _codes(*names: str) -> NDArray[np.uint8]:
    """The first letter of each name; read-only."""
    return np.frombuffer("".join(name[0] for name in names).encode(), np.uint8)


def _one_part(codes: NDArray[np.uint8], values: Floats, out: Floats, numbers: Floats) -> None:
    formula(values, out, codes, numbers.reshape(-1, 2))


@kernel
def formula(values: Floats, out: Floats, codes: NDArray[np.uint8], numbers: Floats) -> None:
    """Write to `out`, (n,) float32, what the operations make of `values`, (n,) float32.

    Parameters
    ----------
    codes : (k,) uint8 ndarray
        The first letter of each operation.
    numbers : (k, 2) float32 ndarray
    """
    with np.errstate(all="ignore"):
        for start in range(0, values.size, _BLOCK):
            part = out[start : start + _BLOCK]
            part[:] = values[start : start + _BLOCK]
            for code, (first, second) in zip(codes.tobytes().decode(), numbers, strict=True):
                _operate(code, part, first, second)


def _operate(code: str, part: Floats, first: np.float32, second: np.float32) -> None:
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
