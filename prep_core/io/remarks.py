"""What image formats have no field for, kept in the field that they have for remarks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from prep_core.scan import AXES, Scan, check_axes

KEY = "prep"
PLAIN = "!#$&'()*+,-./:;<=>?@[]^_`{}~"
"""Marks that stand for themselves; others, and all that is not ASCII, are written as in an address (%20)."""
LONGEST = 100
"""Letters of a unit or a name, so that a forged file cannot put a novel there."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Axes (with those of length 1), unit, whether the spacing is known, names of channels."""

    axes: str
    unit: str
    spacing_known: bool
    channels: tuple[str, ...] = ()


def remarks_of(scan: Scan) -> dict[str, str]:
    """The remarks that belong to `scan`, as text of plain letters without a space.

    Raises
    ------
    ValueError
        For a unit or the name of a channel that is too long to be read back.
    """
    for what, text in (("unit", scan.unit or "1"), *(("name of a channel", c) for c in scan.channels)):
        if not 0 < len(text) <= LONGEST:
            raise ValueError(f"a {what} must have 1 to {LONGEST} letters to be written, got {len(text)}")
    spacing = "known" if scan.spacing_known else "unknown"
    words = {"axes": scan.axes, "unit": quote(scan.unit, PLAIN), "spacing": spacing}
    channels = "|".join(quote(c, PLAIN) for c in scan.channels)
    return {**words, "channels": channels} if channels else words


def parse(words: Mapping[str, str]) -> Remarks | None:
    """Remarks that this program wrote, or None where there are none or they make no sense."""
    axes, spacing = words.get("axes", ""), words.get("spacing", "")
    if not {"Y", "X"} <= set(axes) <= set(AXES) or spacing not in ("known", "unknown"):
        return None
    channels = tuple(map(_plain, words["channels"].split("|"))) if words.get("channels") else ()
    return Remarks(axes, _plain(words.get("unit", "a.u.")), spacing == "known", channels)


def _plain(words: str) -> str:
    return unquote(words)[:LONGEST]


def apply(scan: Scan, remarks: Remarks | None) -> Scan:
    """`scan` with its axes of length 1 as the remarks say; unchanged where they do not fit it."""
    if remarks is None or not _fits(scan, remarks.axes):
        return scan
    shape = [scan.size(a) for a in remarks.axes]
    names = remarks.channels if len(remarks.channels) == (scan.size("C") if "C" in remarks.axes else -1) else ()
    changes: dict[str, Any] = {
        "data": scan.data.reshape(shape),
        "axes": remarks.axes,
        "valid": scan.valid.reshape(shape),
        "unit": remarks.unit,
        "spacing_known": remarks.spacing_known,
        "channels": names or scan.channels,
    }
    return replace(scan, **changes)


def _fits(scan: Scan, axes: str) -> bool:
    try:
        check_axes(axes, len(axes))
    except ValueError:
        return False
    return all(scan.size(a) == 1 for a in set(scan.axes) ^ set(axes))
