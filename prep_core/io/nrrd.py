"""NRRD volumes with their data in the same file.  http://teem.sourceforge.net/nrrd/format.html"""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from prep_core.io import remarks
from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError
from prep_core.io.files import File, digest
from prep_core.io.geometry import Vector, affine_of, check_affine, is_size
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.raw_volume import Encoding, Layout, check_count, numbers, voxels, whole
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
TO_LPS: Mapping[str, tuple[int, int, int]] = {
    "left-posterior-superior": (1, 1, 1),
    "lps": (1, 1, 1),
    "right-anterior-superior": (-1, -1, 1),
    "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1),
    "las": (1, -1, 1),
}
KINDS: Mapping[str, str] = {"domain": "S", "space": "S", "time": "T"}
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
    data = file.read()
    fields, words, start = parse_header(file.shown, data)
    sizes, axes = _sizes(file.shown, fields)
    dtype = _dtype(file.shown, fields)
    pixels, order = voxels(file.shown, data, Layout(sizes, axes, dtype, _encoding(file.shown, fields), start), limits)
    place, known, warnings = _place(file.shown, fields, axes, words.get("upright", ""))
    if len(sizes) > 3:
        warnings.append(f"4-D data: read as {order}")
    source = Source(digest(data), "NRRD", READER, {"encoding": fields.get("encoding", "raw")}, tuple(warnings))
    scan = Scan(pixels, order, place, known, name=scan_name(file.name), source=source)
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
    spatial = iter("XYZ")
    return sizes, "".join(next(spatial, "?") if k == "S" else k for k in kinds)


def _kinds(fields: Mapping[str, str], count: int) -> list[str]:
    """S for an axis in space, T for time, C for anything else."""
    if "kinds" in fields:
        return [KINDS.get(k.lower(), "C") for k in fields["kinds"].split()]
    if directions := _directions(fields):
        return ["S" if d is not None else "C" for d in directions]
    return (["S", "S", "S", "T", "C"])[:count]


def _directions(fields: Mapping[str, str]) -> list[str | None]:
    words = re.findall(r"\([^)]*\)|none", fields.get("spacedirections", ""))
    return [None if w == "none" else w for w in words]


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


def _place(name: str, fields: Mapping[str, str], axes: str, upright: str) -> tuple[Vector, bool, list[str]]:
    """Affine to LPS mm, whether the spacing is known, and warnings; `upright` is the step along a missing z."""
    directions = [d for d in _directions(fields) if d is not None]
    if not directions:
        return _place_without_space(name, fields, axes)
    flips = TO_LPS.get(fields.get("space", "").lower())
    warnings = [] if flips else ["orientation unknown: the space of the file is taken for LPS"]
    if upright and len(directions) == 2:
        directions.append(upright)
    vectors = [np.array(numbers(name, "space directions", d)) for d in directions]
    origin = np.array(numbers(name, "space origin", fields.get("spaceorigin", "0 " * len(vectors[0]))))
    for vector in (*vectors, origin):
        check_count(name, "space directions", vector, len(vectors[0]))
    padded = [np.resize(np.append(v, np.zeros(3)), 3) for v in (*vectors, origin)]
    turned = [v * np.array(flips or (1, 1, 1), dtype=np.float64) for v in padded]
    affine = affine_of(turned[:-1], turned[-1])
    return affine, True, warnings + check_affine(name, affine)


def _place_without_space(name: str, fields: Mapping[str, str], axes: str) -> tuple[Vector, bool, list[str]]:
    found = numbers(name, "spacings", fields.get("spacings", ""))
    sizes = [s for s, axis in zip(found, axes, strict=False) if axis in "XYZ"]
    known = bool(sizes) and all(map(is_size, map(abs, sizes)))
    used = [abs(s) if is_size(abs(s)) else 1.0 for s in sizes] + [1.0] * (3 - len(sizes))
    warnings = ["orientation unknown: the file has no space directions"]
    if not known:
        state = "not finite or zero" if any(not math.isfinite(s) or s == 0 for s in sizes) else "not in the file"
        warnings.append(f"spacing unknown: it is {state}")
    return affine_of(list(np.diag(used)), (0, 0, 0)), known, warnings
