"""An own multichannel scan as a lesson takes it, and which of its channels are the colours."""

from dataclasses import replace

import numpy as np

from prep_core.lessons.own_scan import middle_of, refuse_complex
from prep_core.quality.channels import MOST_CHANNELS
from prep_core.scan import Scan

LONGEST = 160
"""Pixels along a side: of a longer one every k-th is taken, which keeps the statistics of a band."""

ROLES = (("red", "b04", "b4"), ("green", "b03", "b3"), ("blue", "b02", "b2"), ("nir", "b08", "b8"))
"""What red, green, blue and near infrared are called."""


def bands_plane(scan: Scan) -> Scan:
    """All channels of the middle plane, on the axes CYX.

    Raises
    ------
    ValueError
        For a scan of one channel or more than 16, of complex values, without red, green, blue
        and near infrared, or all padding.
    """
    refuse_complex(scan)
    if not 2 <= scan.size("C") <= MOST_CHANNELS:
        raise ValueError(
            f"scan {scan.name}: this lesson needs 2 to {MOST_CHANNELS} channels, this has {scan.size('C')}; "
            "open a multichannel scan, or choose some of its channels by select_channels"
        )
    _roles(scan)
    plane = middle_of(scan, "TZ")
    step = -(-max(plane.data.shape[-2:]) // LONGEST)
    shape = (plane.size("C"), *plane.data.shape[-2:])
    data, valid = (array.reshape(shape)[:, ::step, ::step] for array in (plane.data, plane.valid))
    if not valid.all(axis=0).any():
        raise ValueError(f"scan {scan.name}: no pixel of its middle plane is valid in all channels; open another scan")
    return replace(plane, data=data, valid=valid, axes="CYX", mask=None)


def colour_channels(scan: Scan) -> list[int]:
    """The indices of red, green and blue along C; errors as `_roles`."""
    return _roles(scan)[:3]


def red_and_nir(scan: Scan) -> tuple[int, int]:
    """The indices of red and near infrared along C; errors as `_roles`."""
    red, _, _, nir = _roles(scan)
    return red, nir


def _roles(scan: Scan) -> list[int]:
    """The indices of red, green, blue and near infrared.

    Raises
    ------
    ValueError
        Where the names do not say it.
    """
    names = [name.casefold() for name in scan.channels]
    found = [next((names.index(name) for name in role if name in names), None) for role in ROLES]
    known = [at for at in found if at is not None]
    if len(known) < len(ROLES):
        there = ", ".join(scan.channels) or "no names"
        raise ValueError(
            f"scan {scan.name}: its channels must be called red, green, blue and nir, or B04, B03, B02 and B08, got "
            f"{there}; open a file that says so"
        )
    return known


def divisor(scan: Scan) -> float:
    """What makes reflectance of the values as they are stored: 255 of bytes, 10000 of other large numbers, else 1."""
    if scan.data.dtype == np.uint8:
        return 255.0
    return 10_000.0 if float(np.percentile(scan.data[scan.valid], 99)) > 2 else 1.0
