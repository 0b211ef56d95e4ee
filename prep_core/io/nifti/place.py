"""Where a NIfTI lies in space, and how large its voxels are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Any

import numpy as np
from nibabel.spatialimages import HeaderDataError
from numpy.typing import NDArray

from prep_core.io.errors import ReadError, decoding
from prep_core.io.geometry import LPS_FROM_RAS, affine_of, check_affine, is_size

MM_PER_UNIT: Mapping[int, float] = {1: 1000.0, 2: 1.0, 3: 0.001}
SECONDS_PER_UNIT: Mapping[int, float] = {8: 1.0, 16: 1e-3, 24: 1e-6}
NO_TIME: Mapping[int, str] = {32: "Hz", 40: "ppm", 48: "rad/s"}
"""nifti1.h, XYZT_UNITS: what a fourth dimension can be instead of time."""

FAR = 0.1
"""Millimetres by which qform and sform may place a corner differently: both are float32."""


@contextmanager
def header_field(name: str, what: str) -> Iterator[None]:
    """Turn what nibabel raises for an impossible field into a ReadError."""
    try:
        with decoding(name, what):
            yield
    except HeaderDataError as fault:
        raise ReadError(f"{name} has an impossible {what} in its header; repair its header") from fault


def place(name: str, header: Any, own: bool) -> tuple[NDArray[np.float64], bool, list[str]]:
    """Affine to LPS mm, whether the spacing is known, and warnings.  The sform counts before the qform.

    `own` is whether this program wrote the file: it names no unit where the voxel size is unknown.
    """
    factor, told = _length(header, own)
    codes = int(header["sform_code"]) > 0, int(header["qform_code"]) > 0
    if not any(codes):
        affine, known, warnings = _without_orientation(header, factor)
        return affine, known, told + warnings
    with header_field(name, "NIfTI orientation"):
        ras, odd = (header.get_sform(), []) if codes[0] else _qform(header)
    affine = _lps(ras, factor)
    told += odd + check_affine(name, affine)
    return affine, True, told + (_disagreement(header, affine, factor) if all(codes) else [])


def interval(header: Any, axes: str) -> dict[str, float]:
    """The fact how many seconds lie between two volumes, if the header says so."""
    step, per = float(header["pixdim"][4]), SECONDS_PER_UNIT.get(int(header["xyzt_units"]) & 56)
    return {"interval_s": step * per} if "T" in axes and per and step > 0 and np.isfinite(step) else {}


def fourth(header: Any, axes: str) -> list[str]:
    """What to say about volumes along T."""
    if "T" not in axes:
        return []
    count, other = int(header["dim"][4]), NO_TIME.get(int(header["xyzt_units"]) & 56)
    told = [f"4-D image: {count} volumes along T"]
    return (
        [*told, f"its fourth dimension is measured in {other}, not in time; it is called T all the same"]
        if other
        else told
    )


def _length(header: Any, own: bool) -> tuple[float, list[str]]:
    """Millimetres in its unit of length, and what to say about it."""
    code = int(header["xyzt_units"]) & 7
    if code in MM_PER_UNIT or own:
        return MM_PER_UNIT.get(code, 1.0), []
    odd = f"names an unknown unit of length (code {code})" if code else "names no unit of length"
    return 1.0, [f"its header {odd}: sizes are taken for millimetres"]


def _qform(header: Any) -> tuple[NDArray[np.float64], list[str]]:
    """The qform; a qfac that is neither 1 nor -1 counts as 1 (nifti1.h, METHOD 2)."""
    qfac = float(header["pixdim"][0])
    if qfac in (1, -1):
        return header.get_qform(), []
    mended = header.copy()
    mended["pixdim"][0] = 1
    return mended.get_qform(), [f"its qfac (pixdim[0]) is {qfac:g}, which is neither 1 nor -1; 1 is used"]


def _lps(ras: Any, factor: float) -> NDArray[np.float64]:
    to_lps = LPS_FROM_RAS @ np.asarray(ras, dtype=np.float64)
    return affine_of([factor * to_lps[:3, i] for i in range(3)], factor * to_lps[:3, 3])


def _disagreement(header: Any, affine: NDArray[np.float64], factor: float) -> list[str]:
    """What to say where the qform puts a corner of the volume elsewhere than the sform, which is used."""
    try:
        other = _lps(_qform(header)[0], factor)
    except (ValueError, HeaderDataError):
        return ["its qform cannot be used: its quaternion or voxel size is impossible; the sform is used"]
    ends = [(0, int(n) - 1) for n in header["dim"][3:0:-1]]
    corners = np.array([(*corner, 1) for corner in product(*ends)])
    apart = float(np.linalg.norm(corners @ (affine - other).T, axis=1).max())
    if apart <= FAR:
        return []
    return [f"qform and sform differ by up to {apart:.1f} mm; the sform is used"]


def _without_orientation(header: Any, factor: float) -> tuple[NDArray[np.float64], bool, list[str]]:
    sizes = [float(v) * factor for v in header["pixdim"][1:4]]
    used = [s if is_size(s) else 1.0 for s in sizes[: min(int(header["dim"][0]), 3)]]
    known = used == sizes[: len(used)]
    used += [1.0] * (3 - len(used))
    warnings = ["orientation unknown: qform and sform codes are 0"]
    if not known:
        warnings.append(f"spacing unknown: pixdim is zero, negative or not finite ({sizes})")
    return affine_of(list(np.diag(used)), (0, 0, 0)), known, warnings
