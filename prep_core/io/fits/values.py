"""The numbers of a FITS image: as stored, as values, and which of them count."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError
from prep_core.io.fits import tiles as fits_tiles
from prep_core.io.fits.blocks import Hdu, card, integer, number
from prep_core.io.values import rescaled, scale


def stored_of(name: str, hdu: Hdu, data: bytes) -> NDArray[Any]:
    """The stored numbers in native byte order.

    Plain images are taken straight from the bytes: astropy scales them through float32, also where that rounds.
    """
    if hdu.kind == "compressed":
        pixels = fits_tiles.decode(name, hdu, data)
    else:
        bits = integer(name, hdu.header, "BITPIX")
        dtype = np.dtype(f">f{-bits // 8}" if bits < 0 else f">i{bits // 8}" if bits > 8 else "u1")
        pixels = np.frombuffer(data, dtype, math.prod(hdu.shape), hdu.data).reshape(hdu.shape)
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def values_of(name: str, hdu: Hdu, stored: NDArray[Any]) -> tuple[NDArray[Any], list[str]]:
    """BSCALE * stored + BZERO (FITS 4.0, 4.4.2.5), and what was done."""
    slope, zero = number(name, hdu.header, "BSCALE", 1.0), number(name, hdu.header, "BZERO", 0.0)
    told = []
    if hdu.kind == "compressed" and stored.dtype.kind == "f" and "ZSCALE" in _column_names(hdu):
        told.append("whole numbers became floats by the scale and zero of each tile (ZSCALE, ZZERO)")
    if slope == 0:
        raise ReadError(f"{name} has BSCALE 0, which makes all values one; repair its header")
    if slope == 1 and zero == 0:
        return stored, told
    values = _shifted(stored, zero) if slope == 1 else None
    if values is None:
        values = _rescaled(stored, slope, zero)
    words = f"stored {stored.dtype} numbers became {values.dtype}: BSCALE {slope:g}, BZERO {zero:.17g}"
    return values, [*told, words]


def _shifted(stored: NDArray[Any], zero: float) -> NDArray[Any] | None:
    """The type of the other signedness, where BZERO only stands for that (FITS 4.0, table 11)."""
    size = stored.dtype.itemsize
    if stored.dtype.kind == "i" and zero == 2.0 ** (8 * size - 1):
        unsigned: NDArray[Any] = stored.view(f"u{size}") ^ np.array(1 << (8 * size - 1), f"u{size}")
        return unsigned
    if stored.dtype == np.uint8 and zero == -128:
        return (stored ^ np.uint8(128)).view(np.int8)
    return None


def _rescaled(stored: NDArray[Any], slope: float, zero: float) -> NDArray[Any]:
    whole = float(slope).is_integer() and float(zero).is_integer()
    # float32 holds 24 bits: numbers of 32 and 64 bits would lose their last digits in it.
    if stored.dtype.itemsize >= 4 and stored.dtype.kind in "iu" and not whole:
        return scale(stored, slope, zero, np.dtype(np.float64))
    with np.errstate(over="ignore"):
        return rescaled(stored, slope, zero)


def valid_of(name: str, hdu: Hdu, stored: NDArray[Any]) -> tuple[NDArray[np.bool_], list[str]]:
    """Where the stored number is not BLANK; one True where all are valid, or where the values themselves decide."""
    everywhere = np.array(True)
    key = "BLANK" if "BLANK" in hdu.header or hdu.kind == "image" else "ZBLANK"
    if key not in hdu.header:
        return everywhere, []
    if stored.dtype.kind == "f":
        return everywhere, [] if key == "ZBLANK" else ["BLANK says nothing about floats (FITS 4.0, 4.4.2.5): not used"]
    blank = stored == integer(name, hdu.header, key)
    count = int(np.count_nonzero(blank))
    if not count:
        return everywhere, []
    return ~blank, [f"{count} voxels are {key} (no value) and are left out of statistics"]


def _column_names(hdu: Hdu) -> list[str]:
    return [str(card(hdu.header, f"TTYPE{i}") or "").strip() for i in range(1, 10)]
