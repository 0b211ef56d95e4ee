"""Measured numbers that are images or curves: float32 arrays, named by what they hold."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"\x93NUMPY\x01\x00"
_ALIGNED = 64
_HEADER = re.compile(rb"\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n")
_MAX_AXES = 8


@dataclass(frozen=True, eq=False)
class Array:
    """A read-only float32 array that is equal to another when their bytes are.

    Attributes
    ----------
    data : (...) float32 ndarray
    """

    data: NDArray[np.float32]

    def __post_init__(self) -> None:
        own = np.array(self.data, dtype="<f4", order="C")
        own.flags.writeable = False
        object.__setattr__(self, "data", own)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Array) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    @cached_property
    def sha256(self) -> str:
        """Of the bytes of `npy`, in 64 hex digits."""
        sha = hashlib.sha256(_header(self.data.shape))
        sha.update(self.data.data)
        return sha.hexdigest()

    @property
    def npy(self) -> bytes:
        """As a file in NumPy's own format, version 1.0."""
        return _header(self.data.shape) + self.data.tobytes()

    @classmethod
    def of(cls, values: Any) -> Self:
        return cls(np.asarray(values, dtype=np.float32))

    @classmethod
    def from_npy(cls, file: bytes) -> Self:
        """The array whose `npy` is `file`.

        Raises
        ------
        ValueError
            For any other bytes, also those of other types, orders and versions; the words follow a name.
        """
        length = len(_MAGIC) + 2 + int.from_bytes(file[len(_MAGIC) : len(_MAGIC) + 2], "little")
        found = _HEADER.fullmatch(file[len(_MAGIC) + 2 : length])
        sizes = [part.strip() for part in found[1].split(b",") if part.strip()] if found else []
        shape = tuple(int(size) for size in sizes[: _MAX_AXES + 1] if size.isdigit() and len(size) < 12)
        if found is None or len(shape) != len(sizes) or len(shape) > _MAX_AXES or _header(shape) != file[:length]:
            raise ValueError("is no little-endian float32 array in C order, in NumPy's format 1.0, as fit writes it")
        if len(file) - length != 4 * prod(shape):
            raise ValueError(f"has {len(file) - length} bytes of values, and its shape needs {4 * prod(shape)}")
        return cls(np.frombuffer(file, "<f4", offset=length).reshape(shape))


def _header(shape: tuple[int, ...]) -> bytes:
    # Written here and not by NumPy, whose padding changed before: the name of an array must never change.
    words = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    used = len(_MAGIC) + 2 + len(words) + 1
    text = words + " " * (-used % _ALIGNED) + "\n"
    return _MAGIC + len(text).to_bytes(2, "little") + text.encode("ascii")
