"""NumPy's .npy and .npz: plain arrays, never pickles."""

import io
import math
from collections.abc import Mapping
from pathlib import PurePosixPath
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from prep_core.io.answers import Answers, place_axes, told_axes
from prep_core.io.archive import members as archive
from prep_core.io.errors import Part, ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.parts import part_needed
from prep_core.scan import Scan, Source, voxel_affine

MAGIC = npy.MAGIC_PREFIX
HEADERS: Mapping[tuple[int, int], Any] = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
LONGEST_HEADER = 1 << 17
"""Bytes in which a header ends: NumPy itself reads none of more than 10,000 characters."""

READER = f"numpy {np.__version__}"


def is_npy(head: bytes) -> bool:
    """Whether a file that starts so is a .npy file."""
    return head.startswith(MAGIC)


def is_npz(head: bytes) -> bool:
    """Whether a file that starts so is a zip archive whose first member is a .npy file."""
    length = int.from_bytes(head[26:28], "little")
    return archive.is_archive(head) and head[30 : 30 + length].endswith(b".npy")


def read_npy(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The array in a .npy file, as one scan.

    Raises
    ------
    ReadError
        For pickles, wrong lengths, types that are not numbers.
    AxesNeeded
        For three axes and more that nobody named.
    """
    data = file.view()
    array = parse(file.shown, data, limits)
    # Whoever is asked does not wait for the digest of a large file.
    told_axes(file.shown, array, answers.axes)
    return [as_scan(array, file.shown, scan_name(file.name), file.digest_of(data), "NumPy npy", answers)]


def read_npz(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The arrays in a .npz archive, a scan each, or the one of `answers.part`.

    Raises
    ------
    ReadError, AxesNeeded
        As `read_npy` does.
    PartNeeded
        When there is no array of the name that was asked for.
    """
    data = file.read()
    inside = [m for m in archive.members(file.shown, data, limits) if m.name.endswith(".npy")]
    stem, whole = scan_name(file.name), digest(data)
    scans = []
    for member in _asked(file.shown, inside, answers.part, limits):
        key = scan_name(member.name)
        array = parse(f"{file.shown} ({member.shown})", member.read(), limits)
        name, sha = (stem, whole) if len(inside) == 1 else (f"{stem}-{key}", digest(f"{whole}/{key}".encode()))
        scans.append(as_scan(array, f"{file.shown} ({member.shown})", name, sha, "NumPy npz", answers))
    return scans


def parse(name: str, data: bytes | memoryview, limits: Limits) -> NDArray[Any]:
    """The array in the bytes of a .npy file, in native byte order; its header is checked before it is believed.

    It lies where the bytes lie, unless they have another order.
    """
    stream = io.BytesIO(data[:LONGEST_HEADER])
    shape, fortran, dtype = header(name, stream, limits)
    want, found = math.prod(shape) * dtype.itemsize, len(data) - stream.tell()
    refuse_short(name, want, found)
    array = np.frombuffer(data, dtype, math.prod(shape), stream.tell())
    shaped = array.reshape(shape, order="F" if fortran else "C")
    return np.ascontiguousarray(shaped.astype(dtype.newbyteorder("="), copy=False))


def header(name: str, stream: BinaryIO, limits: Limits) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether the first axis is the fastest, and type, after they were checked; the numbers come next."""
    shape, fortran, dtype = _header(name, stream)
    if dtype.hasobject:
        raise ReadError(f"{name} holds Python objects (pickle), which are never loaded; save a plain array")
    if dtype.kind not in "biufc" or dtype.itemsize > 16 or (dtype.kind == "f" and dtype.itemsize > 8):
        raise ReadError(f"{name} has dtype {dtype}, which is not a numeric type for images; convert it first")
    if not shape:
        raise ReadError(f"{name} is a scalar (0 dimensions), not an image; save an array with 2 or more")
    limits.check_array(name, shape, dtype.itemsize)
    return shape, fortran, dtype


def refuse_short(name: str, want: int, found: int) -> None:
    """Complain about a file that has less than it announces."""
    if found < want:
        raise ReadError(f"{name} is truncated: expected {want} bytes of data, found {found}; copy it again")


def _header(name: str, stream: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether the first axis is the fastest, and type."""
    with decoding(name, "a NumPy npy header"):
        version = npy.read_magic(stream)
        if version not in HEADERS:
            raise ReadError(f"{name} uses npy version {version}, which holds no images; save a plain array")
        try:
            shape, fortran, dtype = HEADERS[version](stream)
        except TokenError as fault:
            # NumPy takes a header that is no literal of Python 3 for one of Python 2, and breaks it into words.
            raise ValueError("the header is no dictionary of Python") from fault
    return shape, fortran, dtype


def _asked(name: str, inside: list[File], wanted: str | None, limits: Limits) -> list[File]:
    """All members, or the one whose name is `wanted`, with or without its extension."""
    if wanted is None:
        return inside
    found = [member for member in inside if wanted in (_key(member), f"{_key(member)}.npy")]
    if found:
        return found
    arrays = {_key(member): parse(f"{name} ({member.shown})", member.read(), limits) for member in inside}
    raise part_needed(name, [Part(key, array.shape, str(array.dtype)) for key, array in arrays.items()], wanted)


def _key(member: File) -> str:
    """The name under which NumPy saved an array."""
    return PurePosixPath(member.name).name.removesuffix(".npy")


def as_scan(array: NDArray[Any], shown: str, name: str, sha: str, form: str, answers: Answers) -> Scan:
    """`array`, of a file that is called `shown` in errors, as a scan."""
    data, axes = place_axes(shown, array, answers.axes)
    source = Source(sha, form, READER, {"dtype": str(array.dtype)})
    return Scan(data, axes, voxel_affine(), name=name, source=source)
