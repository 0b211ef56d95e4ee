"""MATLAB 5 (versions 5 to 7.2 of MATLAB): one plain array of numbers.  Version 7.3 is HDF5."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.answers import Answers, place_axes
from prep_core.io.errors import Part, ReadError
from prep_core.io.files import File, digest
from prep_core.io.limits import Limits
from prep_core.io.matlab.parts import Order, Variable, following, matrix, order_of, part, variables
from prep_core.io.names import scan_name
from prep_core.io.parts import choose, is_picture, matlab_axes_needed
from prep_core.scan import Scan, Source

MAGIC = b"MATLAB 5.0"
READER = "prep_core MATLAB 5"
STORED: Mapping[int, str] = {
    1: "int8",
    2: "uint8",
    3: "int16",
    4: "uint16",
    5: "int32",
    6: "uint32",
    7: "float32",
    9: "float64",
    12: "int64",
    13: "uint64",
}
"""Types of numbers in the file, by their code."""


def is_matlab(head: bytes) -> bool:
    """Whether a file that starts so is MATLAB 5."""
    return head.startswith(MAGIC)


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The only numeric array with two axes of 2 or more, or the one of `answers.part`, as one scan; rows are Y.

    Raises
    ------
    ReadError
        For a damaged or too large file, and for one without such an array.
    PartNeeded
        For several arrays.
    AxesNeeded
        For three axes and more.
    """
    data = file.read()
    byte_order = order_of(file.shown, data)
    found = list(variables(file.shown, data, byte_order, limits))
    images = {v.name: v for v in found if v.dtype and v.name and is_picture(v.shape)}
    if not images:
        raise ReadError(f"{file.shown} holds no plain array of numbers with 2 to 5 dimensions; save one as it is")
    parts = [Part(v.name, v.shape, v.dtype) for v in images.values()]
    chosen = images[choose(file.shown, parts, answers.part).name]
    axes = _axes(file.shown, chosen, answers)
    stored = _numbers(file.shown, data, chosen, byte_order, limits)
    pixels, order = place_axes(file.shown, stored.astype(chosen.dtype), axes)
    several, whole, stem = len(images) > 1, digest(data), scan_name(file.name)
    source = Source(
        digest(f"{whole}/{chosen.name}".encode()) if several else whole,
        "MATLAB 5",
        READER,
        {"part": chosen.name, "dtype": chosen.dtype},
        tuple(_left_out(found)),
        tuple(_converted(stored, chosen)),
    )
    return [Scan(pixels, order, name=scan_name(f"{stem}-{chosen.name}.mat") if several else stem, source=source)]


def _axes(name: str, chosen: Variable, answers: Answers) -> str | None:
    if answers.axes and len(answers.axes) == len(chosen.shape):
        return answers.axes
    if len(chosen.shape) > 2:
        raise matlab_axes_needed(name, chosen.shape, chosen.dtype)
    return None


def _numbers(name: str, data: bytes, chosen: Variable, order: Order, limits: Limits) -> NDArray[Any]:
    """The numbers as they are stored: MATLAB writes them in the smallest type that holds them.

    They are taken straight from the bytes: SciPy ends the process on some damaged files, and drops the imaginary part
    of complex numbers where it is asked for the types of MATLAB.
    """
    body = matrix(name, data, chosen, limits)
    real, at = _part_of_numbers(name, body, chosen, chosen.numbers, order)
    if not chosen.dtype.startswith("complex"):
        return real
    imaginary, _ = _part_of_numbers(name, body, chosen, at, order)
    whole = np.empty(chosen.shape, chosen.dtype)
    whole.real, whole.imag = real, imaginary
    return whole


def _part_of_numbers(name: str, body: bytes, chosen: Variable, at: int, order: Order) -> tuple[NDArray[Any], int]:
    """Real or imaginary parts, columns first, and where the next part begins."""
    word, size, start = part(body, at, order)
    stored = np.dtype(STORED.get(word, "V1")).newbyteorder("<" if order == "little" else ">")
    kind = np.dtype(np.uint8 if chosen.dtype == "bool" else chosen.dtype)
    count = math.prod(chosen.shape)
    if size != count * stored.itemsize or len(body) < start + size or not np.can_cast(stored, kind):
        raise ReadError(f"{name} is corrupt: the numbers of a variable contradict its head; get a fresh copy")
    numbers = np.frombuffer(body, stored, count, start).reshape(chosen.shape, order="F")
    return numbers.astype(stored.newbyteorder("="), copy=False), following(start, size)


def _converted(stored: NDArray[Any], chosen: Variable) -> list[str]:
    if str(stored.dtype) == chosen.dtype or chosen.dtype == "bool":
        return []
    return [f"stored {stored.dtype} numbers became {chosen.dtype}, the class that the array has in MATLAB"]


def _left_out(found: list[Variable]) -> list[str]:
    others = sum(not variable.dtype for variable in found)
    return [f"what is no plain array of numbers was left out: {others} variables"] if others else []
