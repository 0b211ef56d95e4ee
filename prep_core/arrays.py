"""Measured numbers that are images or curves: float32 arrays, named by what they hold."""

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
        return hashlib.sha256(self.npy).hexdigest()

    @cached_property
    def npy(self) -> bytes:
        """As a file in NumPy's own format, version 1.0."""
        file = io.BytesIO()
        np.lib.format.write_array(file, self.data, version=(1, 0), allow_pickle=False)
        return file.getvalue()

    @classmethod
    def of(cls, values: Any) -> "Array":
        return cls(np.asarray(values, dtype=np.float32))
