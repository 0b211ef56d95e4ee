"""What a user says where a file cannot, and what every scan goes through before it is handed out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.findings import quick
from prep_core.io.errors import AxesNeeded, ReadError
from prep_core.io.limits import Limits
from prep_core.io.raw_form import RawForm
from prep_core.scan import AXES, MODALITIES, Scan

FEW = 4
"""A last axis this short is taken for colours when axes have to be guessed."""

GUESSES: Mapping[int, tuple[str, ...]] = {
    3: ("ZYX", "TYX", "CYX", "YXC"),
    4: ("TZYX", "CZYX", "TCYX", "ZYXC", "TYXC"),
    5: ("TCZYX", "TZYXC"),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a user says of a file; None leaves it to the file.

    Attributes
    ----------
    axes : letters of "TCZYX" in the order of the array
    spacing : mm, as (z, y, x) or (y, x)
    unit, modality : as in a scan
    part : which array of a file that holds several, by its name there
    raw : how to read bare numbers
    """

    axes: str | None = None
    spacing: tuple[float, ...] | None = None
    unit: str | None = None
    modality: str | None = None
    part: str | None = None
    raw: RawForm | None = None

    def __post_init__(self) -> None:
        if self.axes is not None and not _is_axes(self.axes):
            raise ValueError(f"axes must be different letters of {AXES} with Y and X, got {self.axes!r}")
        if self.modality is not None and self.modality not in MODALITIES:
            raise ValueError(f"modality must be one of {', '.join(MODALITIES)}, got {self.modality!r}")
        if self.spacing is not None and not (len(self.spacing) in (2, 3) and all(0 < s < 1e6 for s in self.spacing)):
            raise ValueError(f"spacing must be 2 or 3 sizes in mm above 0 (z, y, x), got {self.spacing}")


def place_axes(name: str, data: NDArray[Any], axes: str | None) -> tuple[NDArray[Any], str]:
    """`data` with its axes in the order of a scan, and their names.

    Parameters
    ----------
    name : str
        How the file is called in errors.
    data : ndarray
    axes : str or None
        Their names in the order of `data`, if anybody told.  Two axes are Y, X unless told otherwise.

    Raises
    ------
    AxesNeeded
        When more than two axes have no names.
    ReadError
        When the names do not fit the number of axes.
    """
    return in_order(data, told_axes(name, data, axes))


def told_axes(name: str, data: NDArray[Any], axes: str | None) -> str:
    """The names of the axes of `data`, in its order.

    Raises
    ------
    AxesNeeded, ReadError
        As `place_axes`.
    """
    axes = axes or ("YX" if data.ndim == 2 else None)
    if not 2 <= data.ndim <= len(AXES):
        raise ReadError(
            f"{name} has {data.ndim} dimensions (shape {data.shape}); an image has 2 to {len(AXES)}: save a part of it"
        )
    if axes is None:
        raise axes_needed(name, data.shape, data.dtype)
    if len(axes) != data.ndim:
        if data.ndim == 2:
            return "YX"
        raise ReadError(
            f"{name} has {data.ndim} axes (shape {data.shape}), but axes {axes} names {len(axes)}; name all"
        )
    return axes


def in_order(data: NDArray[Any], axes: str) -> tuple[NDArray[Any], str]:
    """`data` transposed from `axes`, letters of "TCZYX" in any order, to the order of a scan."""
    order = order_of(axes)
    turned = data.transpose(order)
    # What repeats one element stands for pixels that are read later, and takes no memory.
    return np.ascontiguousarray(turned) if any(data.strides) else turned, "".join(axes[i] for i in order)


def order_of(axes: str) -> list[int]:
    """Where each axis of a scan is among `axes`, letters of "TCZYX" in any order."""
    return sorted(range(len(axes)), key=lambda i: AXES.index(axes[i]))


def axes_needed(name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> AxesNeeded:
    """The question that an array without names of its axes raises, the best guess first."""
    guesses = GUESSES.get(len(shape), ())
    last_is_colour = shape[-1] <= FEW < min(shape[-3:-1])
    choices = tuple(sorted(guesses, key=lambda g: (g.endswith("C") != last_is_colour, guesses.index(g))))
    if len(shape) == 3 and shape[0] <= FEW < min(shape[1:]) and not last_is_colour:
        choices = ("CYX", *(c for c in choices if c != "CYX"))
    if not choices:
        return AxesNeeded(f"{name} has {len(shape)} dimensions (shape {shape}); an image has 2 to 5: save a part of it")
    return AxesNeeded(
        f"{name} has {len(shape)} axes of lengths {' x '.join(map(str, shape))} and does not say what they are; "
        f"say it with --axes {choices[0]} (or {', '.join(choices[1:])})",
        shape,
        str(dtype),
        choices,
    )


def finish(scan: Scan, answers: Answers, limits: Limits) -> Scan:
    """`scan` with the user's answers in it, and with what the quick rules find about its values.

    Raises
    ------
    ReadError
        For a scan above the limits, without a single finite voxel, or of nothing but padding.
    """
    limits.check_array(scan.name, scan.data.shape, scan.data.dtype.itemsize)
    scan = answered(scan, answers)
    # A voxel that counts is finite, and integers are; to look at all others takes as long as reading them.
    counts = bool(scan.valid.any())
    finite = counts or scan.data.dtype.kind not in "fc" or bool(np.isfinite(scan.data).any())
    refuse_nothing(scan.name, finite, counts)
    return replace(scan, findings=(*scan.findings, *quick(scan)))


def answered(scan: Scan, answers: Answers) -> Scan:
    """`scan` with the user's answers in it."""
    scan = _renamed(scan, answers.axes)
    if answers.spacing is not None:
        scan = replace(scan, affine=_spaced(scan, answers.spacing), spacing_known=True)
    return replace(scan, unit=answers.unit or scan.unit, modality=answers.modality or scan.modality)


def refuse_nothing(name: str, finite: bool, counts: bool) -> None:
    """Complain about a scan of which no voxel is finite, or none counts.

    Raises
    ------
    ReadError
    """
    if not finite:
        raise ReadError(f"{name} has no finite voxel, only NaN or infinity; check how it was made")
    if not counts:
        raise ReadError(f"{name} is nothing but padding: no voxel in it counts; choose another part of the scan")


def with_warnings(scan: Scan, *more: str) -> Scan:
    """`scan` with `more` behind the warnings of its source."""
    return replace(scan, source=replace(scan.source, warnings=(*scan.source.warnings, *more)))


def _renamed(scan: Scan, axes: str | None) -> Scan:
    told = "".join(a for a in AXES if axes and a in axes)
    if axes is None or told == scan.axes:
        return scan
    if len(axes) == scan.data.ndim and axes.endswith("YX") and axes == told and not scan.channels:
        return replace(scan, axes=axes)
    return with_warnings(scan, f"axes {axes} were not used: the file says that they are {scan.axes}")


def _spaced(scan: Scan, spacing: tuple[float, ...]) -> NDArray[np.float64]:
    affine = scan.affine.copy()
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    lengths[: 3 - len(spacing)] = 1.0
    affine[:3, 3 - len(spacing) : 3] *= np.asarray(spacing) / lengths[3 - len(spacing) :]
    return affine


def _is_axes(axes: str) -> bool:
    return set("YX") <= set(axes) <= set(AXES) and len(set(axes)) == len(axes)
