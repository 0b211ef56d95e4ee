"""A scan: pixels, and what they mean."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.memory import all_true

AXES = "TCZYX"
"""Every axis that a scan can have, in the only order in which it can have them."""

MODALITIES = ("CT", "MR", "PT", "CR", "DX", "MG", "XA", "US", "OPT", "MIC", "MSI", "AST", "OT")
"""DICOM codes (PS3.3 C.7.3.1.1.1), and three of ours: microscopy, multispectral, astronomy."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed about a scan that changes what preprocessing is right.

    Attributes
    ----------
    name : str
        Of the rule that noticed it.
    evidence : str
        What was seen, with its numbers, as a sentence.
    advice : str
        What to do about it, as a sentence.
    step, params
        The line of a recipe that does it, where there is one; parameters not named keep their defaults.
    """

    name: str
    level: Literal["note", "warning"]
    evidence: str
    advice: str
    step: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the pixels came from.  Technical facts only: never a person's name, id or date.

    Attributes
    ----------
    sha256 : str
        Of the bytes that were read.
    format, reader : str
        The format, and the library that read it, with its version; the decoder too, where there is a choice.
    facts : mapping
        Technical tags by name: numbers, words, and lists of these.
    converted : tuple of str
        What was done to the stored numbers to get the values, in order, a sentence each.
    warnings : tuple of str
        What is odd about the file, a sentence each, beginning with a small letter.
    """

    sha256: str = ""
    format: str = ""
    reader: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    converted: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scan:
    """Pixels with named axes, a place in space, a unit, and a mask of the voxels that count.

    Attributes
    ----------
    data : (axes) ndarray
        Read-only, in the dtype it was stored in (after the file's own rescaling).
    axes : str
        Which axes `data` has: letters of "TCZYX", in that order, ending in "YX".
    affine : (4, 4) float64 ndarray
        Takes the array index (z, y, x, 1) to patient LPS millimetres (x, y, z, 1).  A scan without Z has z = 0.
    spacing_known : bool
        False where the file did not say how large a voxel is; the affine then counts voxels.
    unit : str
        What the values are measured in: "HU", "dB", "1", or "a.u." where nobody knows.
    valid : (axes) bool ndarray
        True where a voxel is neither padding nor non-finite.  Statistics never look elsewhere.  When built without
        it: where `data` is finite.
    mask : (axes) bool ndarray or None
        What the last mask step made.
    display_inverted : bool
        Low values are shown bright (MONOCHROME1).  The values are as stored.
    channels : tuple of str
        Names of the C axis, where the file gives them.
    """

    data: NDArray[Any]
    axes: str
    affine: NDArray[np.float64] = field(default_factory=lambda: voxel_affine())
    spacing_known: bool = False
    unit: str = "a.u."
    modality: str = "OT"
    valid: NDArray[np.bool_] = field(default_factory=lambda: np.array(True))
    mask: NDArray[np.bool_] | None = None
    display_inverted: bool = False
    channels: tuple[str, ...] = ()
    name: str = "scan"
    source: Source = field(default_factory=Source)
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        check_axes(self.axes, self.data.ndim)
        affine = np.array(self.affine, dtype=np.float64)
        if not _is_invertible(affine):
            raise ValueError(f"affine must be a finite, invertible 4 x 4 matrix, got {affine.tolist()}")
        valid = np.asarray(self.valid, dtype=bool) if np.ndim(self.valid) else _valid(self.data)
        for name, mask in (("valid", valid), ("mask", self.mask)):
            if mask is not None and mask.shape != self.data.shape:
                raise ValueError(f"{name} must have the shape of data {self.data.shape}, got {mask.shape}")
        object.__setattr__(self, "data", _read_only(self.data))
        object.__setattr__(self, "affine", _read_only(affine))
        object.__setattr__(self, "valid", _read_only(valid))

    @property
    def spatial_axes(self) -> str:
        """The axes that have a length in millimetres: "ZYX", or "YX"."""
        return "".join(a for a in self.axes if a in "ZYX")

    @cached_property
    def all_valid(self) -> bool:
        """Whether no voxel is left out."""
        return all_true(self.valid)

    @property
    def spacing(self) -> tuple[float, ...]:
        """Voxel size in mm, in the order of `spatial_axes`: (z, y, x), or (y, x)."""
        lengths = np.linalg.norm(self.affine[:3, :3], axis=0)
        return tuple(float(v) for v in lengths[3 - len(self.spatial_axes) :])

    @property
    def origin(self) -> tuple[float, float, float]:
        """Patient position (x, y, z) of the centre of the first voxel, LPS mm."""
        x, y, z = self.affine[:3, 3]
        return float(x), float(y), float(z)

    @property
    def direction(self) -> NDArray[np.float64]:
        """(3, 3) unit vectors in patient space; its columns belong to the array axes z, y, x."""
        columns: NDArray[np.float64] = self.affine[:3, :3]
        unit: NDArray[np.float64] = columns / np.linalg.norm(columns, axis=0)
        return unit

    @property
    def orientation(self) -> str:
        """Where each of `spatial_axes` points to: the nearest of L, R, P, A, S, I (left, right, posterior, ...)."""
        letters = []
        for column in self.direction.T[3 - len(self.spatial_axes) :]:
            nearest = int(np.argmax(np.abs(column)))
            letters.append(("LR", "PA", "SI")[nearest][int(column[nearest] < 0)])
        return "".join(letters)

    def size(self, axis: str) -> int:
        """Length along `axis`; 1 for an axis that the scan does not have."""
        return int(self.data.shape[self.axes.index(axis)]) if axis in self.axes else 1

    def take(self, at: Mapping[str, int]) -> Self:
        """The part at the given indices of T, C and Z.  The axes stay, with length 1, and so does the place in space.

        Raises
        ------
        IndexError
            For an index outside the scan.
        """
        for axis, i in at.items():
            if not 0 <= i < self.size(axis):
                raise IndexError(f"{axis} must be from 0 to {self.size(axis) - 1}, got {i}")
        cut = tuple(slice(at[a], at[a] + 1) if a in at else slice(None) for a in self.axes)
        affine = self.affine.copy()
        affine[:3, 3] += affine[:3, 0] * (at.get("Z", 0) if "Z" in self.axes else 0)
        channels = self.channels[at["C"] : at["C"] + 1] if "C" in at and self.channels else self.channels
        mask = None if self.mask is None else self.mask[cut]
        return replace(self, data=self.data[cut], valid=self.valid[cut], mask=mask, affine=affine, channels=channels)


def check_axes(axes: str, ndim: int) -> None:
    """Complain unless `axes` names `ndim` axes of "TCZYX", in that order, ending in "YX"."""
    in_order = [a for a in AXES if a in axes]
    if list(axes) != in_order or not axes.endswith("YX"):
        raise ValueError(f"axes must be letters of {AXES} in that order, ending in YX, got {axes!r}")
    if len(axes) != ndim:
        raise ValueError(f"axes must name all {ndim} axes of the array, got {axes!r}")


def voxel_affine(
    spacing: tuple[float, ...] = (1.0, 1.0, 1.0), origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> NDArray[np.float64]:
    """The affine of an unrotated grid: `spacing` in mm as (z, y, x) or (y, x), `origin` as LPS (x, y, z)."""
    if not all(math.isfinite(s) and s > 0 for s in spacing):
        raise ValueError(f"spacing must be finite and above 0 mm, got {spacing}")
    z, y, x = (1.0,) * (3 - len(spacing)) + tuple(spacing)
    affine = np.zeros((4, 4))
    affine[2, 0], affine[1, 1], affine[0, 2] = z, y, x
    affine[:, 3] = (*origin, 1.0)
    return affine


def _is_invertible(affine: NDArray[np.float64]) -> bool:
    return affine.shape == (4, 4) and _has_inverse(affine.tobytes())


@lru_cache(maxsize=1024)
def _has_inverse(numbers: bytes) -> bool:
    """Of the sixteen numbers of a matrix; each step makes a scan with the matrix of the one before."""
    affine = np.frombuffer(numbers).reshape(4, 4)
    if not np.isfinite(affine).all():
        return False
    # Numbers near the ends of float64 leave its range on the way; what is left then is no matrix to work with.
    with np.errstate(all="ignore"):
        determinant = np.linalg.det(affine)
    return bool(np.isfinite(determinant) and determinant != 0)


def _valid(data: NDArray[Any]) -> NDArray[np.bool_]:
    """Where `data` is finite.  Where it is everywhere, one True stands for all and takes no memory."""
    if data.dtype.kind in "fc":
        # What repeats one element is finite where that is.
        different = data if any(data.strides) else data[(slice(0, 1),) * data.ndim]
        if not _all_finite(different):
            return np.broadcast_to(np.isfinite(different), data.shape)
    return np.broadcast_to(np.bool_(True), data.shape)


def _all_finite(data: NDArray[Any]) -> bool:
    """Whether no value is NaN or infinite; plane by plane, as a mask of a whole volume takes memory and time."""
    return all(bool(np.isfinite(data[at]).all()) for at in np.ndindex(data.shape[:-2]))


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
