"""What lessons take of a scan that somebody brings, and refuse of it."""

from prep_core.scan import Scan


def middle_of(scan: Scan, axes: str = "TCZ") -> Scan:
    """The first channel, and the index in the middle along the others of `axes`; they stay, with length 1."""
    return scan.take({axis: 0 if axis == "C" else scan.size(axis) // 2 for axis in axes if axis in scan.axes})


def refuse_complex(scan: Scan) -> None:
    """Complain about complex values.

    Raises
    ------
    ValueError
        For such a scan.
    """
    if scan.data.dtype.kind == "c":
        raise ValueError(f"scan {scan.name}: this lesson needs real values, these are complex; put magnitude first")
