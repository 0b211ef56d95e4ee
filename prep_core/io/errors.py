"""What goes wrong while reading, said so that the reader of the sentence can act on it."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydicom.errors import BytesLengthException, InvalidDicomError

DECODER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    BytesLengthException,
    InvalidDicomError,
)
"""What decoders raise for a damaged file.  `Exception` is not on the list: our own mistakes stay visible."""


class ReadError(ValueError):
    """A file that cannot be read: one sentence with its base name, what is wrong, and what to do."""


class Question(ReadError):
    """A file that is whole, but does not say enough: read it again with the answer."""


class AxesNeeded(Question):
    """An array whose axes nobody told.

    Attributes
    ----------
    shape : tuple of int
    dtype : str
    choices : tuple of str
        Plausible axes in the order of the array, the best guess first.
    """

    def __init__(
        self, message: str, shape: tuple[int, ...] = (), dtype: str = "", choices: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.shape, self.dtype, self.choices = shape, dtype, choices


@dataclass(frozen=True, slots=True)
class Part:
    """One array inside a file that holds several."""

    name: str
    shape: tuple[int, ...]
    dtype: str


class PartNeeded(Question):
    """A file that holds several arrays, and nobody told which one to read.

    Attributes
    ----------
    parts : tuple of Part
        Those that can be images, the likeliest first; `part=` takes the name of one.
    """

    def __init__(self, message: str, parts: tuple[Part, ...] = ()) -> None:
        super().__init__(message)
        self.parts = parts


class FormNeeded(Question):
    """Bare numbers without a header: nobody told their type, shape and byte order.

    Attributes
    ----------
    size : int
        Bytes in the file.
    """

    def __init__(self, message: str, size: int = 0) -> None:
        super().__init__(message)
        self.size = size


@contextmanager
def decoding(name: str, what: str) -> Iterator[None]:
    """Turn whatever a decoder raises into a ReadError.

    The decoder's own words are left out of the sentence: they can hold paths and values of tags.  They stay
    reachable as the error's cause.  Warnings of the decoder are silenced for the same reason.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ReadError:
        raise
    except RecursionError as fault:
        raise ReadError(f"{name} nests its sequences too deep to be read; write it again with less depth") from fault
    except DECODER_FAULTS as fault:
        kind = type(fault).__name__
        raise ReadError(
            f"{name} cannot be decoded as {what} ({kind}): it is truncated, corrupt or of an unsupported kind; "
            "get a fresh copy or convert it"
        ) from fault
