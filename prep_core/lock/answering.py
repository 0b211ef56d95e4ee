"""What lines make of a probe."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.lock.lock import Answer, Probe
from prep_core.lock.probe import scan_of
from prep_core.running import StepError, run_lines
from prep_core.scan import Scan
from prep_core.shift.curve import rounded

_PLACES = 9


def answer_of(lines: Sequence[Line], probe: Probe) -> Answer:
    """What `lines` make of `probe` on this machine; their complaint, where they have no answer for it."""
    scan = scan_of(probe, lines)
    try:
        for done in run_lines(lines, scan):
            scan = done.scan
    except StepError as error:
        return Answer(complaint=str(error))
    there = scan.valid & np.isfinite(scan.data)
    if not there.any():
        return Answer(complaint="the last line leaves no valid voxel")
    values = np.abs(scan.data) if np.iscomplexobj(scan.data) else scan.data
    known = values[there]
    at = np.flatnonzero(there)[_spread_over(known.size)]
    return Answer(
        "",
        scan.axes,
        scan.data.shape,
        _digest(scan, there),
        _short(known.min()),
        rounded([known.mean(dtype=np.float64)])[0],
        _short(known.max()),
        tuple(at.tolist()),
        tuple(_short(value) for value in values.reshape(-1)[at]),
    )


def _spread_over(count: int) -> NDArray[np.int64]:
    """`_PLACES` indices out of `count`, evenly."""
    return np.unique((2 * np.arange(_PLACES, dtype=np.int64) + 1) * count // (2 * _PLACES))


def _short(value: np.floating) -> float:
    """The shortest decimal number that gives `value` back."""
    return float(str(value))


def _digest(scan: Scan, there: NDArray[np.bool_]) -> str:
    # What padding holds is nobody's number, and a NaN may have any bits.
    data = np.where(there, scan.data, 0).astype(scan.data.dtype.newbyteorder("<"))
    sha = hashlib.sha256(f"{scan.axes} {scan.data.shape} {scan.data.dtype} {scan.unit}".encode())
    sha.update(data.tobytes())
    sha.update(there.tobytes())
    if scan.mask is not None:
        sha.update(scan.mask.tobytes())
    return sha.hexdigest()
