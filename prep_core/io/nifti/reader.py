"""NIfTI-1 and NIfTI-2, alone or gzipped.  The header is nibabel's; lengths are checked before voxels are read.

https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import nibabel
import numpy as np
from numpy.typing import NDArray

from prep_core.io import gzip_bytes, remarks
from prep_core.io.answers import Answers, in_order
from prep_core.io.digesting import Digested
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.nifti import remarks as nifti_remarks
from prep_core.io.nifti.place import fourth, header_field, interval, place
from prep_core.io.values import rescaled
from prep_core.scan import Scan, Source

HEADERS: Mapping[int, Any] = {348: nibabel.Nifti1Header, 540: nibabel.Nifti2Header}
SINGLE, PAIR = (b"n+1\0", b"n+2\0"), (b"ni1\0", b"ni2\0")
AXES_OF: Mapping[int, str] = {2: "YX", 3: "ZYX", 4: "TZYX", 5: "CTZYX"}
WIDE: Mapping[int, str] = {1: "one bit", 1536: "float128", 2048: "complex256"}
COLOURS = ("R", "G", "B")
BEGIN = 1 << 16
"""Bytes of a file in which its header lies, also if it is packed."""

READER = f"nibabel {nibabel.__version__}"


def is_nifti(head: bytes) -> bool:
    """Whether a file that starts so (unpacked) is NIfTI, or its ancestor Analyze."""
    return header_size(head) in HEADERS


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The image as one scan: YX, ZYX, TZYX, with C from a fifth dimension or from colours.

    Raises
    ------
    ReadError
        For a header that contradicts itself or the length of the file, or an image in two files.
    """
    begin = file.head(BEGIN)
    is_packed = begin.startswith(gzip_bytes.MAGIC)
    head = gzip_bytes.head(begin, 540) if is_packed else begin[:540]
    header = parse_header(file.shown, head)
    shape, dtype = form(file.shown, header)
    offset, warnings = place_of_data(file.shown, header, header_size(head))
    if file.name.lower().endswith(".gz") and not is_packed:
        warnings.append("the name ends in .gz, but the file is not compressed with gzip; read by its content")
    size = limits.check_array(file.shown, shape, dtype.itemsize, file.size if is_packed else None)
    data, sha = _unpacked(file, offset + size) if is_packed else _plain(file)
    refuse_short(file.shown, len(data), offset, size)
    file.refuse_other(data[: len(head)] == head)
    stored = np.frombuffer(data, dtype, math.prod(shape), offset).reshape(shape[::-1])
    own = remarks_in(file.shown, header, bytes(data[header_size(head) : offset]))
    return [_scan(file, header, stored, sha, warnings, own)]


def _plain(file: File) -> tuple[memoryview, str]:
    data = file.view()
    return data, file.digest_of(data)


def _unpacked(file: File, want: int) -> tuple[memoryview, str]:
    """What is packed in a file, which never lies in memory as a whole, and the digest of the file."""
    packed = Digested(file)
    return gzip_bytes.unpacked(file.shown, packed.open, want), packed.sha256()


def remarks_in(name: str, header: Any, extensions: bytes) -> remarks.Remarks | None:
    """What this program wrote into the header, or into what stands behind it."""
    with decoding(name, "remarks in a NIfTI"):
        return nifti_remarks.found(header, extensions)


def _scan(
    file: File, header: Any, stored: NDArray[Any], sha: str, warnings: list[str], own: remarks.Remarks | None
) -> Scan:
    pixels, axes, dropped = with_axes(file.shown, stored)
    values, converted = _scaled(pixels, header, stored.dtype.names is not None)
    return described(file, header, stored, values, axes, Told(sha, warnings, dropped, converted), own)


@dataclass(frozen=True)
class Told:
    """The digest of a file, its odd sides, and what was left out of it and done to its numbers, in sentences."""

    sha256: str
    warnings: Sequence[str]
    dropped: Sequence[str]
    converted: Sequence[str]


def described(
    file: File,
    header: Any,
    stored: NDArray[Any],
    values: NDArray[Any],
    axes: str,
    words: Told,
    own: remarks.Remarks | None,
) -> Scan:
    """`values`, made of `stored`, with all that the header says."""
    affine, known, more = place(file.shown, header, own is not None)
    told = (*words.warnings, *words.dropped, *more, *fourth(header, axes), *_told(header, stored.ndim))
    facts = _facts(header) | interval(header, axes)
    source = Source(words.sha256, "NIfTI", READER, facts, told, (*words.dropped, *words.converted))
    channels = COLOURS if stored.dtype.names else ()
    scan = Scan(values, axes, affine, known, name=scan_name(file.name), source=source, channels=channels)
    return remarks.apply(scan, own)


def parse_header(name: str, head: bytes) -> Any:
    """nibabel's header of the first 540 bytes, refused unless it is the header of a single file."""
    size = header_size(head)
    if size not in HEADERS or len(head) < size:
        raise ReadError(f"{name} is not a NIfTI file, or its header is truncated; get a fresh copy")
    with decoding(name, "a NIfTI header"):
        # By the size that the header begins with: nibabel looks at dim[0], which may be wrong.
        order = "<" if int.from_bytes(head[:4], "little") == size else ">"
        header = HEADERS[size](head[:size], endianness=order, check=False)
        magic = bytes(header["magic"])[:4].ljust(4, b"\0")
    if magic not in SINGLE:
        form = "a NIfTI pair" if magic in PAIR else "an Analyze 7.5 pair"
        image = PurePosixPath(name.removesuffix(".gz")).with_suffix(".img").name
        raise ReadError(
            f"{name} is only the header of {form}: its voxels are detached, in {image}, which is missing here; "
            "convert the pair to one .nii file"
        )
    return header


def header_size(head: bytes) -> int:
    """Of a file that begins so; 0 where it is no NIfTI."""
    sizes = int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big")
    return next((s for s in sizes if s in HEADERS), 0)


def form(name: str, header: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape, its first axis the fastest, and type of the stored numbers."""
    return _shape(name, header), _dtype(name, header)


def refuse_short(name: str, found: int, offset: int, size: int) -> None:
    """Complain about a file that ends before its numbers do."""
    if found < offset + size:
        raise ReadError(
            f"{name} is truncated: expected {offset + size} bytes with data at offset {offset}, "
            f"found {found}; get a fresh copy"
        )


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
    with header_field(name, f"NIfTI datatype {int(header['datatype'])}"):
        dtype: np.dtype[Any] = header.get_data_dtype()
    base = dtype[0] if dtype.names else dtype
    if base.kind not in "iufc" or (base.kind == "f" and base.itemsize > 8) or base.itemsize > 16:
        code = int(header["datatype"])
        raise ReadError(f"{name} has the unsupported datatype {code} ({WIDE.get(code, dtype)}); convert it to float64")
    return dtype


def place_of_data(name: str, header: Any, size: int) -> tuple[int, list[str]]:
    """Where the numbers begin behind a header of `size` bytes, and what is odd about that."""
    raw = float(header["vox_offset"])
    if not math.isfinite(raw) or raw < 0:
        raise ReadError(f"{name} has a vox_offset of {raw}, which is no offset in a file; repair its header")
    first = size + 4
    if raw < first:
        return first, [f"vox_offset {raw:g} lies inside the header; {first} is used"]
    return int(raw), []


def with_axes(name: str, stored: NDArray[Any]) -> tuple[NDArray[Any], str, list[str]]:
    """Native byte order, colours as channels, axes in the order of a scan; a T of length 1 before C is dropped.

    Last, what is told about transparency.
    """
    axes, names = AXES_OF[stored.ndim], stored.dtype.names
    if names:
        if "C" in axes:
            raise ReadError(f"{name} has colours and a fifth dimension, which are both channels; save one of them")
        stored, axes = np.stack([stored[n] for n in names[: len(COLOURS)]]), "C" + axes
    elif stored.ndim == 5 and stored.shape[1] == 1:
        stored, axes = stored[:, 0], "CZYX"
    alpha = len(names or ()) > len(COLOURS)
    dropped = ["the alpha channel (transparency) was dropped: it is not an intensity"] if alpha else []
    return *in_order(stored.astype(stored.dtype.newbyteorder("="), copy=False), axes), dropped


def scaling(header: Any) -> tuple[float, float]:
    """A slope of zero or NaN means that there is none (nifti1.h, DATA SCALING)."""
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    usable = math.isfinite(slope) and slope != 0 and math.isfinite(intercept)
    return (slope, intercept) if usable else (1.0, 0.0)


def scaled_words(stored: np.dtype[Any], values: np.dtype[Any], slope: float, intercept: float) -> str:
    """What was done to the stored numbers."""
    return f"stored {stored} numbers became {values}: slope {slope:.9g}, intercept {intercept:.9g}"


def _scaled(stored: NDArray[Any], header: Any, coloured: bool) -> tuple[NDArray[Any], list[str]]:
    """Values, and what was done: colours are never scaled, complex numbers in both parts (nifti1.h)."""
    slope, intercept = scaling(header)
    if (slope, intercept) == (1, 0) or coloured:
        return stored, []
    if stored.dtype.kind == "c":
        values = (stored * slope + intercept * (1 + 1j)).astype(stored.dtype)
    else:
        values = rescaled(stored, slope, intercept)
    return values, [scaled_words(stored.dtype, values.dtype, slope, intercept)]


def _told(header: Any, count: int) -> list[str]:
    told = []
    if int(header["bitpix"]) != header.get_data_dtype().itemsize * 8:
        told.append(f"bitpix {int(header['bitpix'])} does not fit the datatype, which is used")
    if count == 5 and int(header["intent_code"]) == 0:
        told.append("its fifth dimension has no intent; it is taken for channels")
    return told


def _facts(header: Any) -> dict[str, Any]:
    """Numbers only: texts of the header and of its extensions can be about a person."""
    codes = {k: int(header[k]) for k in ("datatype", "qform_code", "sform_code", "xyzt_units", "intent_code")}
    slope, intercept = scaling(header)
    shown = {k: float(header[k]) for k in ("cal_min", "cal_max")}
    turns = {
        k: "xyz"[i]
        for k, i in zip(("frequency", "phase", "slice"), header.get_dim_info(), strict=True)
        if i in (0, 1, 2)
    }
    window = shown if shown["cal_max"] > shown["cal_min"] else {}
    return {**codes, "slope": slope, "intercept": intercept, **window, **{f"{k}_axis": a for k, a in turns.items()}}
