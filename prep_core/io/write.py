"""Scans to bytes: the same scan gives the same bytes, with no date, no name of a person and no path in them."""

import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import tifffile
from numpy.typing import NDArray

from prep_core.io import gzip_bytes, remarks
from prep_core.io.geometry import LPS_FROM_RAS, ROUNDING, fault, shear
from prep_core.io.nifti import remarks as nifti_remarks
from prep_core.scan import Scan

LEVEL = 4
"""Of compression: floats shrink hardly more above it, and take twice as long."""

RATIONAL = 2**31

NRRD_TYPES: Mapping[str, str] = {"float32": "float", "float64": "double"}
NRRD_KINDS: Mapping[str, str] = {"C": "list", "T": "time"}
NIFTI_LONGEST = 2**15 - 1
"""Voxels along an axis: `dim` of NIfTI-1 is int16."""


def encode(scan: Scan, format: str) -> bytes:
    """`scan` as the content of a file.

    Values stay as they are; bool is written as uint8, and float16 as float32 (npy keeps both).  npy holds the array
    and nothing of what it means.

    Parameters
    ----------
    format : str
        One of `FORMATS`.

    Raises
    ------
    ValueError
        For an unknown format, and for what the format cannot hold.
    """
    refuse_format(scan, format)
    return WRITERS[format](scan)


def refuse_format(scan: Scan, format: str) -> None:
    """Complain about an unknown format, and about what the format cannot hold.

    Raises
    ------
    ValueError
    """
    if format not in WRITERS:
        raise ValueError(f"format must be one of {', '.join(WRITERS)}, got {format!r}")
    if np.iscomplexobj(scan.data) and format != "npy":
        raise ValueError(f"{format} cannot hold complex values; add magnitude to the recipe, or write npy")
    if format != "npy" and (why := fault(scan.affine)):
        raise ValueError(f"{format} cannot hold this scan: it has {why}; resample it, or write npy")
    if format == "nii.gz" and max(scan.data.shape) > NIFTI_LONGEST:
        raise ValueError(f"nii.gz holds at most {NIFTI_LONGEST} voxels along an axis, got {max(scan.data.shape)}")


def write_atomic(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and move it there, so that no half-written file is ever found."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The mask of the process, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _npy(scan: Scan) -> bytes:
    data, head = np.ascontiguousarray(scan.data), io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(data))
    # As np.save writes it, without the room that a growing stream takes.
    return b"".join((head.getvalue(), data.data))


def _nifti(scan: Scan) -> bytes:
    return gzip_bytes.pack(nifti_bytes(scan), LEVEL)


def nifti_bytes(scan: Scan) -> bytes:
    """Axes X, Y, Z, T, C; affine as sform and qform to RAS; what NIfTI has no field for in `descrip` or a comment."""
    data = storable(scan.data)
    for axis in (a for a in "ZTC" if a not in scan.axes):
        data = np.expand_dims(data, _missing_place(scan, data, axis))
    present = [a for a in "TCZYX" if a in scan.axes or a in "ZTC"]
    turned = data.transpose([present.index(a) for a in "XYZTC"])
    while turned.ndim > 2 and turned.shape[-1] == 1 and "XYZTC"[turned.ndim - 1] not in scan.axes:
        turned = turned[..., 0]
    ras = LPS_FROM_RAS @ scan.affine[:, [2, 1, 0, 3]]
    image = nibabel.Nifti1Image(turned, ras, dtype=turned.dtype)
    image.header.set_xyzt_units("mm" if scan.spacing_known else "unknown")
    image.set_sform(ras, code=1)
    # A qform has no shear: nibabel would write another grid than that of the scan.
    image.set_qform(ras, code=1 if max(shear(scan.affine)) <= ROUNDING else 0)
    image.header["descrip"], comment = nifti_remarks.written(remarks.remarks_of(scan))
    if comment:
        image.header.extensions.append(nibabel.nifti1.Nifti1Extension(nifti_remarks.COMMENT, comment))
    content: bytes = image.to_bytes()
    return content


def _missing_place(scan: Scan, data: NDArray[np.generic], axis: str) -> int:
    """Where an axis that the scan does not have goes, in the order T, C, Z, Y, X."""
    if axis == "Z":
        return data.ndim - 2
    return 0 if axis == "T" else int("T" in scan.axes or data.ndim == 4)


def _tif(scan: Scan) -> bytes:
    """Pages with their axes; spacing in the resolution tags; geometry and unit in the JSON of the description."""
    stream = io.BytesIO()
    tifffile.imwrite(stream, storable(scan.data), **tif_words(scan))
    return stream.getvalue()


def tif_words(scan: Scan) -> dict[str, Any]:
    """How `tifffile.imwrite` is to write the pixels of `scan`."""
    words = remarks.remarks_of(scan) | {"affine": json.dumps(scan.affine.tolist())}
    y, x = scan.spacing[-2:]
    # Pixels per centimetre are fractions of 32-bit numbers; the affine in the description is exact.
    fits = scan.spacing_known and max(10 / x, 10 / y) < RATIONAL
    known = {"resolution": (10 / x, 10 / y), "resolutionunit": "CENTIMETER"} if fits else {}
    metadata = {"axes": scan.axes, remarks.KEY: words}
    return {"photometric": "minisblack", "metadata": metadata, "compression": "zlib", **known}


def _nrrd(scan: Scan) -> bytes:
    data = np.ascontiguousarray(storable(scan.data))
    native = data.astype(data.dtype.newbyteorder("<"), copy=False)
    return nrrd_header(scan, data.dtype) + gzip_bytes.pack(native.tobytes(), LEVEL)


def nrrd_header(scan: Scan, dtype: np.dtype[Any]) -> bytes:
    """All that stands before the pixels, which are stored as `dtype`."""
    shape = scan.data.shape
    columns: Mapping[str, NDArray[np.float64]] = dict(zip("ZYX", scan.affine[:3, :3].T, strict=True))
    axes = scan.axes[::-1]
    # The format has no place for the step to a next slice where there is none.
    upright = {} if "Z" in scan.axes else {"upright": _vector(columns["Z"])}
    lines = [
        "NRRD0005",
        f"type: {NRRD_TYPES.get(dtype.name, dtype.name)}",
        f"dimension: {len(shape)}",
        "space: left-posterior-superior",
        f"sizes: {' '.join(map(str, shape[::-1]))}",
        f"space directions: {' '.join(_vector(columns[a]) if a in columns else 'none' for a in axes)}",
        f"kinds: {' '.join(NRRD_KINDS.get(a, 'domain') for a in axes)}",
        "endian: little",
        "encoding: gzip",
        f"space origin: {_vector(scan.affine[:3, 3])}",
        *(f"{remarks.KEY} {key}:={value}" for key, value in (remarks.remarks_of(scan) | upright).items()),
    ]
    return "\n".join(lines).encode() + b"\n\n"


def _vector(values: NDArray[np.float64]) -> str:
    return f"({','.join(repr(float(v)) for v in values)})"


def storable(data: NDArray[np.generic]) -> NDArray[np.generic]:
    """In native byte order; bool as uint8, half floats as float32: no format has them."""
    replaced = {"bool": np.uint8, "float16": np.float32}.get(data.dtype.name)
    return data.astype(replaced if replaced else data.dtype.newbyteorder("="), copy=False)


WRITERS: Mapping[str, Callable[[Scan], bytes]] = {"nii.gz": _nifti, "npy": _npy, "tif": _tif, "nrrd": _nrrd}

FORMATS = tuple(WRITERS)
"""The formats that `encode` knows, which are also the extensions of their files."""
