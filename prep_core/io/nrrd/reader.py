"""NRRD volumes with their data in the same file.  http://teem.sourceforge.net/nrrd/format.html"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io import remarks
from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.nrrd.place import directions_of, place
from prep_core.io.raw_volume import Encoding, Layout, check_count, voxels, whole
from prep_core.scan import Scan, Source

MAGIC = b"NRRD000"
HEADER_BYTES = 1 << 16
FIELD = re.compile(r"([^:=#]+):(=?)\s?(.*)")

TYPES: Mapping[str, str] = {
    **dict.fromkeys(("signed char", "int8", "int8_t"), "i1"),
    **dict.fromkeys(("uchar", "unsigned char", "uint8", "uint8_t"), "u1"),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), "i2"),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), "u2"),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t"), "i4"),
    **dict.fromkeys(("uint", "unsigned int", "uint32", "uint32_t"), "u4"),
    **dict.fromkeys(("longlong", "long long", "long long int", "int64", "int64_t"), "i8"),
    **dict.fromkeys(("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"), "u8"),
    "float": "f4",
    "double": "f8",
}
ENCODINGS: Mapping[str, Encoding] = {
    "raw": "raw",
    "gzip": "gzip",
    "gz": "gzip",
    "bzip2": "bzip2",
    "bz2": "bzip2",
}
KINDS: Mapping[str, str] = {"domain": "S", "space": "S", "time": "T"}
COLOURS: Mapping[str, tuple[str, ...]] = {"rgb-color": ("R", "G", "B"), "rgba-color": ("R", "G", "B", "A")}
READER = "prep_core NRRD"


def is_nrrd(head: bytes) -> bool:
    """Whether a file that starts so is NRRD."""
    return head.startswith(MAGIC)


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The volume as one scan.

    Raises
    ------
    ReadError
        For data in another file, an unknown type or encoding, or bytes that do not fit the header.
    """
    fields, words, start = parse_header(file.shown, file.head(HEADER_BYTES))
    sizes, axes = _sizes(file.shown, fields)
    dtype = _dtype(file.shown, fields)
    pixels, order, sha = voxels(file, Layout(sizes, axes, dtype, _encoding(file.shown, fields), start), limits)
    affine, known, warnings = place(file.shown, fields, axes, words.get("upright", ""))
    if len(sizes) > 3:
        warnings.append(f"4-D data: read as {order}")
    if "oldmin" in fields or "oldmax" in fields:
        warnings.append("its numbers were quantised from another range (old min, old max), which was not restored")
    pixels, channels, dropped = _colours(fields, pixels, order)
    facts = {"encoding": fields.get("encoding", "raw")}
    source = Source(sha, "NRRD", READER, facts, (*warnings, *dropped), tuple(dropped))
    scan = Scan(pixels, order, affine, known, name=scan_name(file.name), source=source, channels=channels)
    return [remarks.apply(scan, remarks.parse(words))]


def parse_header(name: str, data: bytes) -> tuple[dict[str, str], dict[str, str], int]:
    """Fields, key/value pairs of this program, and where the data begins."""
    found = re.search(rb"\r?\n\r?\n", data[:HEADER_BYTES])
    text = data[: found.start() if found else HEADER_BYTES].decode("latin-1")
    lines = [m.groups() for m in map(FIELD.match, text.splitlines()[1:]) if m]
    fields = {key.strip().lower().replace(" ", ""): value.strip() for key, equals, value in lines if not equals}
    if "datafile" in fields:
        raise ReadError(
            f"{name} is a detached header: its data file reference is not followed; save header and data in one .nrrd"
        )
    if not found:
        raise ReadError(f"{name} has no end of its header in {HEADER_BYTES} bytes: detached or corrupt; save it again")
    if any(int(fields.get(skip, "0") or 0) for skip in ("lineskip", "byteskip") if _is_whole(fields.get(skip, "0"))):
        raise ReadError(f"{name} skips lines or bytes before its data, which is not supported; save it again")
    own = {k.strip()[len(remarks.KEY) + 1 :]: v.strip() for k, e, v in lines if e and k.startswith(remarks.KEY + " ")}
    return fields, own, found.end()


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdecimal()


def _sizes(name: str, fields: Mapping[str, str]) -> tuple[tuple[int, ...], str]:
    """Sizes and names of the axes, the fastest first."""
    sizes = whole(name, "sizes", fields.get("sizes", ""))
    dimension = whole(name, "dimension", fields.get("dimension", ""))
    if not 2 <= len(sizes) <= 5:
        raise ReadError(f"{name} has sizes for {len(sizes)} dimensions; an image has 2 to 5: save a part of it")
    check_count(name, "sizes", sizes, dimension[0] if dimension else 0)
    kinds = _kinds(fields, len(sizes))
    check_count(name, "kinds", kinds, len(sizes))
    if "complex" in fields.get("kinds", "").lower().split():
        raise ReadError(f"{name} keeps real and imaginary parts along an axis; save its magnitude, or a .npy of it")
    spatial = iter("XYZ")
    return sizes, "".join(next(spatial, "?") if k == "S" else k for k in kinds)


def _kinds(fields: Mapping[str, str], count: int) -> list[str]:
    """S for an axis in space, T for time, C for anything else."""
    said = fields.get("kinds", "???").lower().split()
    if not {"???", "none"} & set(said):
        return [KINDS.get(k, "C") for k in said]
    if directions := directions_of(fields):
        before = [sum(d is not None for d in directions[:i]) for i in range(len(directions))]
        return ["C" if d is None else "ST"[n >= 3] for d, n in zip(directions, before, strict=True)]
    return (["S", "S", "S", "T", "C"])[:count]


def _colours(
    fields: Mapping[str, str], pixels: NDArray[Any], order: str
) -> tuple[NDArray[Any], tuple[str, ...], list[str]]:
    """The array without transparency, the names of its colours, and what was dropped."""
    names = next((COLOURS[k] for k in fields.get("kinds", "").lower().split() if k in COLOURS), ())
    if not names or pixels.shape[order.index("C")] != len(names):
        return pixels, (), []
    kept = np.take(pixels, range(3), axis=order.index("C"))
    told = ["the alpha channel (transparency) was dropped: it is not an intensity"] if len(names) == 4 else []
    return kept, names[:3], told


def _dtype(name: str, fields: Mapping[str, str]) -> np.dtype[Any]:
    kind = TYPES.get(fields.get("type", "").lower())
    if kind is None:
        raise ReadError(f"{name} has an unsupported voxel type; save it as one of int8 to uint64, float, double")
    return np.dtype(kind).newbyteorder(">" if fields.get("endian", "").lower() == "big" else "<")


def _encoding(name: str, fields: Mapping[str, str]) -> Encoding:
    encoding = ENCODINGS.get(fields.get("encoding", "raw").lower())
    if encoding is None:
        raise ReadError(f"{name} has an unsupported encoding; save it as raw or gzip")
    return encoding
