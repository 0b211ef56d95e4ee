"""FITS files for tests: built card by card, or written by astropy."""

import io
from collections.abc import Mapping
from typing import Any

from astropy.io import fits

BLOCK, CARD = 2880, 80


def by_hand(shape: tuple[int, ...], bitpix: int, data: bytes, more: Mapping[str, Any] | None = None) -> bytes:
    """A file of one HDU; `shape` is (..., y, x), `data` are its bytes, `more` are keywords behind the mandatory."""
    words: dict[str, Any] = {"SIMPLE": True, "BITPIX": bitpix, "NAXIS": len(shape)}
    words |= {f"NAXIS{i + 1}": n for i, n in enumerate(shape[::-1])} | dict(more or {})
    cards = [f"{key:<8}= {_value(value):>20}".ljust(CARD) for key, value in words.items()]
    header = "".join([*cards, "END".ljust(CARD)]).encode()
    return filled(header, b" ") + filled(data, b"\0")


def filled(data: bytes, fill: bytes) -> bytes:
    return data + fill * (-len(data) % BLOCK)


def written(*hdus: Any, checksum: bool = False) -> bytes:
    """What astropy writes; an image without a primary one gets an empty one before it."""
    first = [] if isinstance(hdus[0], fits.PrimaryHDU) else [fits.PrimaryHDU()]
    stream = io.BytesIO()
    fits.HDUList([*first, *hdus]).writeto(stream, checksum=checksum)
    return stream.getvalue()


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return f"'{value:<8}'" if isinstance(value, str) else str(value)
