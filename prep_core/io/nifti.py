"""NIfTI-1 and NIfTI-2, alone or gzipped.  The header is nibabel's; lengths are checked before voxels are read."""

import math
from collections.abc import Mapping
from typing import Any

import nibabel
import numpy as np
from numpy.typing import NDArray

from prep_core.io import gzip_bytes, remarks
from prep_core.io.answers import Answers, in_order
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.geometry import LPS_FROM_RAS, affine_of, check_affine, is_size
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.values import rescaled
from prep_core.scan import Scan, Source

HEADERS: Mapping[int, Any] = {348: nibabel.Nifti1Header, 540: nibabel.Nifti2Header}
SINGLE, PAIR = (b"n+1\0", b"n+2\0"), (b"ni1\0", b"ni2\0")
MM_PER_UNIT: Mapping[int, float] = {1: 1000.0, 2: 1.0, 3: 0.001}
AXES_OF: Mapping[int, str] = {1: "X", 2: "YX", 3: "ZYX", 4: "TZYX", 5: "CTZYX"}
READER = f"nibabel {nibabel.__version__}"


def is_nifti(head: bytes) -> bool:
    """Whether a file that starts so (unpacked) is NIfTI, or its ancestor Analyze."""
    return _header_size(head) in HEADERS


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The image as one scan: YX, ZYX, TZYX, with C from a fifth dimension or from colours.

    Raises
    ------
    ReadError
        For a header that contradicts itself or the length of the file, or an image in two files.
    """
    packed = file.read()
    is_packed = packed.startswith(gzip_bytes.MAGIC)
    head = gzip_bytes.head(packed, 540) if is_packed else packed[:540]
    header = parse_header(file.shown, head)
    shape, dtype = _shape(file.shown, header), _dtype(file.shown, header)
    offset, warnings = _offset(file.shown, header, _header_size(head))
    if file.name.lower().endswith(".gz") and not is_packed:
        warnings.append("the name ends in .gz, but the file is not compressed with gzip; read by its content")
    size = limits.check_array(file.shown, shape, dtype.itemsize, len(packed) if is_packed else None)
    data = gzip_bytes.unpack(file.shown, packed, offset + size) if is_packed else packed
    if len(data) < offset + size:
        raise ReadError(
            f"{file.shown} is truncated: expected {offset + size} bytes with data at offset {offset}, "
            f"found {len(data)}; get a fresh copy"
        )
    stored = np.frombuffer(data, dtype, math.prod(shape), offset).reshape(shape[::-1])
    pixels, axes = _with_axes(stored, len(shape))
    affine, known, more = place(file.shown, header)
    source = Source(digest(packed), "NIfTI", READER, _facts(header), (*warnings, *more, *_told(header, axes)))
    values = rescaled(pixels, *_scaling(header))
    channels = ("R", "G", "B") if dtype.names and len(dtype.names) == 3 else ()
    scan = Scan(values, axes, affine, known, name=scan_name(file.name), source=source, channels=channels)
    return [remarks.apply(scan, _remarks(header))]


def parse_header(name: str, head: bytes) -> Any:
    """nibabel's header of the first 540 bytes, refused unless it is the header of a single file."""
    size = _header_size(head)
    if size not in HEADERS or len(head) < size:
        raise ReadError(f"{name} is not a NIfTI file, or its header is truncated; get a fresh copy")
    with decoding(name, "a NIfTI header"):
        header = HEADERS[size](head[:size], check=False)
        magic = bytes(header["magic"])[:4].ljust(4, b"\0")
    if magic in PAIR or magic not in SINGLE:
        raise ReadError(
            f"{name} is one half of a pair (.hdr and .img, magic {magic!r}); the detached image is missing: "
            "convert the pair to one .nii file"
        )
    return header


def place(name: str, header: Any) -> tuple[NDArray[np.float64], bool, list[str]]:
    """Affine to LPS mm, whether the spacing is known, and warnings.  The sform counts before the qform."""
    unit = int(header["xyzt_units"]) & 7
    factor = MM_PER_UNIT.get(unit, 1.0)
    codes = int(header["sform_code"]) > 0, int(header["qform_code"]) > 0
    if not any(codes):
        return _place_without_orientation(header, factor)
    with decoding(name, "NIfTI orientation"):
        ras = header.get_sform() if codes[0] else header.get_qform()
        other = header.get_qform() if all(codes) else ras
    to_lps = LPS_FROM_RAS @ np.asarray(ras, dtype=np.float64)
    affine = affine_of([factor * to_lps[:3, i] for i in range(3)], factor * to_lps[:3, 3])
    warnings = check_affine(name, affine)
    apart = float(np.abs(np.asarray(ras) - other).max()) * factor
    if apart > 0.1:
        warnings.append(f"qform and sform differ by up to {apart:.1f} mm; the sform is used")
    return affine, True, warnings


def _place_without_orientation(header: Any, factor: float) -> tuple[NDArray[np.float64], bool, list[str]]:
    sizes = [float(v) * factor for v in header["pixdim"][1:4]]
    used = [s if is_size(s) else 1.0 for s in sizes[: min(int(header["dim"][0]), 3)]]
    known = used == sizes[: len(used)]
    used += [1.0] * (3 - len(used))
    warnings = ["orientation unknown: qform and sform codes are 0"]
    if not known:
        warnings.append(f"spacing unknown: pixdim is zero, negative or not finite ({sizes})")
    return affine_of(list(np.diag(used)), (0, 0, 0)), known, warnings


def _header_size(head: bytes) -> int:
    sizes = int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big")
    return next((s for s in sizes if s in HEADERS), 0)


def _shape(name: str, header: Any) -> tuple[int, ...]:
    count = int(header["dim"][0])
    if not 1 <= count <= 7:
        raise ReadError(f"{name} declares {count} dimensions (dim[0]); NIfTI has 1 to 7: repair its header")
    shape = [int(n) for n in header["dim"][1 : count + 1]]
    while len(shape) > 3 and shape[-1] == 1:
        shape.pop()
    if not 2 <= len(shape) <= 5:
        raise ReadError(f"{name} has {len(shape)} dimensions ({shape}); an image has 2 to 5: save a part of it")
    return tuple(shape)


def _dtype(name: str, header: Any) -> np.dtype[Any]:
    with decoding(name, f"NIfTI datatype {int(header['datatype'])}"):
        dtype: np.dtype[Any] = header.get_data_dtype()
    base = dtype[0] if dtype.names else dtype
    if base.kind not in "iufc" or (base.kind == "f" and base.itemsize > 8) or base.itemsize > 16:
        raise ReadError(
            f"{name} has the unsupported datatype {int(header['datatype'])} ({dtype}); convert it to float64"
        )
    return dtype


def _offset(name: str, header: Any, size: int) -> tuple[int, list[str]]:
    raw = float(header["vox_offset"])
    if not math.isfinite(raw) or raw < 0:
        raise ReadError(f"{name} has a vox_offset of {raw}, which is no offset in a file; repair its header")
    first = size + 4
    if raw < first:
        return first, [f"vox_offset {raw:g} lies inside the header; {first} is used"]
    return int(raw), []


def _with_axes(stored: NDArray[Any], count: int) -> tuple[NDArray[Any], str]:
    """Native byte order, colours as channels, axes in the order of a scan; a T of length 1 before C is dropped."""
    axes, names = AXES_OF[count], stored.dtype.names
    if names:
        if "C" in axes:
            raise ReadError("a NIfTI with colours and a fifth dimension cannot be read; save one of them")
        stored, axes = np.stack([stored[n] for n in names]), "C" + axes
    if count == 5 and stored.shape[1] == 1:
        stored, axes = stored[:, 0], "CZYX"
    return in_order(stored.astype(stored.dtype.newbyteorder("="), copy=False), axes)


def _scaling(header: Any) -> tuple[float, float]:
    """A slope of zero or NaN means that there is none (nifti1.h, DATA SCALING)."""
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    usable = math.isfinite(slope) and slope != 0 and math.isfinite(intercept)
    return (slope, intercept) if usable else (1.0, 0.0)


def _told(header: Any, axes: str) -> list[str]:
    told = []
    if int(header["bitpix"]) != header.get_data_dtype().itemsize * 8:
        told.append(f"bitpix {int(header['bitpix'])} does not fit the datatype, which is used")
    if "T" in axes:
        told.append(f"4-D image: {int(header['dim'][4])} volumes along T")
    return told


def _facts(header: Any) -> dict[str, Any]:
    codes = {k: int(header[k]) for k in ("datatype", "qform_code", "sform_code", "xyzt_units")}
    slope, intercept = _scaling(header)
    return {**codes, "slope": slope, "intercept": intercept}


def _remarks(header: Any) -> remarks.Remarks | None:
    words = bytes(header["descrip"]).rstrip(b"\0").decode("latin-1").split(" ")
    if words[0] != remarks.KEY:
        return None
    return remarks.parse(dict(w.split("=", 1) for w in words[1:] if "=" in w))
