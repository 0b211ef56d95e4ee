"""What a compressed frame says of itself, read before a decoder sees it: size, samples, precision, and its end."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
)

from prep_core.io.errors import ReadError

JPEG_KINDS = frozenset((JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1))
JPEG_LS_KINDS = frozenset((JPEGLSLossless, JPEGLSNearLossless))
JPEG_2000_KINDS = frozenset((JPEG2000Lossless, JPEG2000, HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K))

SOI, END = b"\xff\xd8", b"\xff\xd9"
SIZ = b"\xff\x4f\xff\x51"
SCAN = 0xDA
NO_LENGTH = frozenset((0x01, *range(0xD0, 0xD9)))
FRAMES = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
"""Markers that begin a frame header: ISO 10918-1 table B.1, and SOF55 of ISO 14495-1 for JPEG-LS."""

BOXES = 4096
"""Bytes in which the boxes that some writers put around JPEG 2000 end."""

PADDING = 16
"""Bytes behind the end of a frame that are filling."""


@dataclass(frozen=True)
class Codestream:
    """The header of one frame."""

    kind: str
    rows: int
    columns: int
    samples: int
    bits: int


def check_frames(name: str, frames: list[bytes], syntax: str, shape: tuple[int, ...]) -> None:
    """Complain about frames that are not what the tags declare; `shape` is (rows, columns, samples).

    Raises
    ------
    ReadError
        For a frame without a header, of another size, or without an end.
    """
    for frame in frames:
        found = codestream(frame, syntax)
        if found is None:
            raise ReadError(
                f"{name} is corrupt: its transfer syntax says JPEG, but its pixels do not decode as such; "
                "get a fresh copy"
            )
        size: tuple[int, ...] = (found.rows, found.columns, found.samples)
        if size != shape:
            told = slice(2) if found.samples == shape[2] else slice(3)
            raise ReadError(
                f"{name} is corrupt: its {found.kind} is {_times(size[told])}, but its tags declare "
                f"{_times(shape[told])}; get a fresh copy"
            )
        if END not in frame.rstrip(b"\0")[-PADDING:]:
            raise ReadError(f"{name} is truncated: a frame of its {found.kind} has no end; get a fresh copy")


def is_checked(syntax: str) -> bool:
    """Whether frames of a transfer syntax have a header that can be read here."""
    return syntax in JPEG_KINDS | JPEG_LS_KINDS | JPEG_2000_KINDS


def codestream(frame: bytes, syntax: str) -> Codestream | None:
    """The header of `frame`, or None where it has none."""
    return _jpeg_2000(frame) if syntax in JPEG_2000_KINDS else _jpeg(frame, syntax)


def _jpeg_2000(frame: bytes) -> Codestream | None:
    """ISO 15444-1 A.5.1: the size is that of the reference grid less its offset."""
    at = frame[:BOXES].find(SIZ)
    if at < 0 or len(frame) < at + 43:
        return None
    right, bottom, left, top = (int.from_bytes(frame[at + n : at + n + 4]) for n in (8, 12, 16, 20))
    samples = int.from_bytes(frame[at + 40 : at + 42])
    return Codestream("JPEG 2000", bottom - top, right - left, samples, (frame[at + 42] & 0x7F) + 1)


def _jpeg(frame: bytes, syntax: str) -> Codestream | None:
    for marker, at in _segments(frame):
        if marker in FRAMES and len(frame) >= at + 10:
            rows, columns = (int.from_bytes(frame[at + n : at + n + 2]) for n in (5, 7))
            kind = "JPEG-LS" if syntax in JPEG_LS_KINDS else "JPEG"
            return Codestream(kind, rows, columns, frame[at + 9], frame[at + 4])
    return None


def _segments(frame: bytes) -> Iterator[tuple[int, int]]:
    """The markers before the first scan, with their places (ISO 10918-1 B.1.1)."""
    at = 2 if frame.startswith(SOI) else len(frame)
    while at + 4 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker == SCAN:
            return
        yield marker, at
        if marker == 0xFF:
            at += 1
        else:
            at += 2 if marker in NO_LENGTH else 2 + int.from_bytes(frame[at + 2 : at + 4])


def _times(sizes: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in sizes)
