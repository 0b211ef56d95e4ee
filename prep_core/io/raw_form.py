"""What bare numbers in a file are: type, shape, byte order, and how many bytes of header come first."""

import math
import re
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np

Order = Literal["little", "big"]

TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64", "complex64")
"""The types that bare numbers can have, by NumPy's names."""

WRITTEN = re.compile(r"(?P<dtype>[a-z]+\d+):(?P<shape>\d+(?:x\d+)*)(?::(?P<order>little|big))?(?::(?P<header>\d+))?")


@dataclass(frozen=True, slots=True)
class RawForm:
    """How to read bare numbers.

    Attributes
    ----------
    dtype : str
        One of `TYPES`.
    shape : tuple of int
        Slowest axis first: (z, y, x).
    order : "little" or "big"
        The byte order.
    header : int
        Bytes to leave out at the beginning.
    """

    dtype: str
    shape: tuple[int, ...]
    order: Order = "little"
    header: int = 0

    def __post_init__(self) -> None:
        if self.dtype not in TYPES:
            raise ValueError(f"the type of raw numbers must be one of {', '.join(TYPES)}, got {self.dtype!r}")
        if not self.shape or any(n < 1 for n in self.shape):
            raise ValueError(f"the shape of raw numbers must be lengths above 0, got {self.shape}")
        if self.order not in get_args(Order):
            raise ValueError(f"the byte order must be little or big, got {self.order!r}")
        if self.header < 0:
            raise ValueError(f"the header of raw numbers must be 0 bytes or more, got {self.header}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From "int16:44x256x256", with ":big" and ":352" (bytes of header) behind it where they differ.

        Raises
        ------
        ValueError
            For anything else.
        """
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"raw must be TYPE:ZxYxX[:little|big][:HEADER], such as int16:44x256x256, got {text!r}")
        shape = tuple(int(n) for n in found["shape"].split("x"))
        order: Order = "big" if found["order"] == "big" else "little"
        return cls(found["dtype"], shape, order, int(found["header"] or 0))

    @property
    def numpy(self) -> np.dtype[np.generic]:
        """The type in its byte order."""
        return np.dtype(self.dtype).newbyteorder("<" if self.order == "little" else ">")

    @property
    def size(self) -> int:
        """Bytes that the file must have."""
        return self.header + math.prod(self.shape) * self.numpy.itemsize
