"""MetaImage volumes (.mha) with their data in the same file.  https://itk.org/Wiki/ITK/MetaIO/Documentation"""

import re
from collections.abc import Mapping

import numpy as np

from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError
from prep_core.io.files import File
from prep_core.io.geometry import Vector, affine_of, check_affine, is_size
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.raw_volume import Encoding, Layout, check_count, numbers, voxels, whole
from prep_core.scan import Scan, Source

HEADER_BYTES = 1 << 16
START = re.compile(rb"\s*(ObjectType|NDims|Comment)\s*=")
FIELD = re.compile(r"\s*(\w+)\s*=\s*([^\r\n]*)")
END = re.compile(rb"ElementDataFile\s*=\s*([^\r\n]*)\r?\n")
TYPES: Mapping[str, str] = {
    "MET_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_LONG_LONG": "i8",
    "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}
MM_PER: Mapping[str, float] = {"um": 1e-3, "mm": 1.0, "cm": 10.0}
"""DistanceUnits of MetaIO; it is "?" where nobody said it, which everybody takes for mm."""

READER = "prep_core MetaImage"


def is_metaimage(head: bytes) -> bool:
    """Whether a file that starts so is MetaImage."""
    return START.match(head) is not None


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The volume as one scan.

    Raises
    ------
    ReadError
        For data in another file, an unknown type, or bytes that do not fit the header.
    """
    fields, start = parse_header(file.shown, file.head(HEADER_BYTES))
    _check(file.shown, fields)
    layout = _layout(file.shown, fields, start)
    pixels, order, sha = voxels(file, layout, limits)
    affine, known, warnings = _place(file.shown, fields)
    warnings += _unused(fields)
    if "T" in order:
        warnings.append(f"4-D data: read as {order}")
    facts = {"ElementType": fields["ElementType"], "compressed": layout.encoding != "raw"}
    source = Source(sha, "MetaImage", READER, facts, tuple(warnings))
    return [Scan(pixels, order, affine, known, name=scan_name(file.name), source=source)]


def parse_header(name: str, data: bytes) -> tuple[dict[str, str], int]:
    """Fields, and where the data begins."""
    end = END.search(data[:HEADER_BYTES])
    if end is None:
        raise ReadError(
            f"{name} has no ElementDataFile in its first {HEADER_BYTES} bytes: its header is too long or cut"
        )
    if end.group(1).strip() != b"LOCAL":
        raise ReadError(
            f"{name} refers to an external ElementDataFile, which is not followed; save header and data in one .mha"
        )
    lines = data[: end.end()].decode("latin-1").splitlines()
    fields: dict[str, str] = {m.group(1): m.group(2) for m in map(FIELD.match, lines) if m}
    return fields, -1 if fields.get("HeaderSize", "0").strip() == "-1" else end.end()


def _unused(fields: Mapping[str, str]) -> list[str]:
    """What is told of fields that change what voxels mean, and that no reader applies."""
    line = [fields.get(f"ElementToIntensityFunction{part}", "") for part in ("Slope", "Offset")]
    told = "the file names a slope or offset for its values, which was not applied"
    return [told] if line[0].strip() not in ("", "1") or line[1].strip() not in ("", "0") else []


def _check(name: str, fields: Mapping[str, str]) -> None:
    """Complain about what is no image, or whose voxels do not lie where they are looked for."""
    if fields.get("ObjectType", "Image").strip() != "Image":
        raise ReadError(f"{name} is a MetaIO object that is no image; choose the image it belongs to")
    if not _is_true(fields.get("BinaryData", "True")):
        raise ReadError(f"{name} keeps its voxels as text (BinaryData = False); save it again as binary")
    if fields.get("HeaderSize", "0").strip() not in ("0", "-1"):
        raise ReadError(f"{name} has a HeaderSize, which is not followed beside its own header; save it again")


def _layout(name: str, fields: Mapping[str, str], start: int) -> Layout:
    sizes = whole(name, "DimSize", fields.get("DimSize", ""))
    declared = whole(name, "NDims", fields.get("NDims", ""))
    if not declared or not 2 <= declared[0] <= 4:
        raise ReadError(f"{name} has NDims {fields.get('NDims', 'missing')}; an image has 2 to 4: save a part of it")
    check_count(name, "DimSize", sizes, declared[0])
    kind = TYPES.get(fields.get("ElementType", ""))
    if kind is None:
        raise ReadError(f"{name} has an unsupported ElementType; save it as one of {', '.join(TYPES)}")
    big = any(_is_true(fields.get(k, "")) for k in ("BinaryDataByteOrderMSB", "ElementByteOrderMSB"))
    channels = whole(name, "ElementNumberOfChannels", fields.get("ElementNumberOfChannels", "1"))[0]
    vector, letters = ((channels,), "C") if channels > 1 else ((), "")
    encoding: Encoding = "zlib" if _is_true(fields.get("CompressedData", "")) else "raw"
    dtype = np.dtype(kind).newbyteorder(">" if big else "<")
    return Layout((*vector, *sizes), letters + "XYZT"[: len(sizes)], dtype, encoding, start)


def _place(name: str, fields: Mapping[str, str]) -> tuple[Vector, bool, list[str]]:
    """Affine to LPS mm, whether the spacing is known, and warnings."""
    count = whole(name, "NDims", fields["NDims"])[0]
    used = min(count, 3)
    spacing, known, warnings = _spacing(name, fields, count)
    matrix = numbers(name, "TransformMatrix", _first(fields, "TransformMatrix", "Orientation", "Rotation"))
    turns = np.array(matrix or np.eye(count).ravel())
    check_count(name, "TransformMatrix", turns, count * count)
    origin = numbers(name, "Offset", _first(fields, "Offset", "Position", "Origin")) or [0.0] * count
    check_count(name, "Offset", origin, count)
    if not np.isfinite(origin).all():
        warnings.append("origin unknown: the Offset is not finite; 0 is used")
        origin = [0.0] * count
    unit = turns.reshape(count, count)[:used, :used]
    factor = MM_PER.get(fields.get("DistanceUnits", "mm").strip(), 1.0)
    vectors = [np.pad(factor * unit[i] * spacing[i], (0, 3 - used)) for i in range(used)]
    affine = affine_of(vectors, factor * np.pad(origin[:used], (0, 3 - used)))
    return affine, known, warnings + check_affine(name, affine)


def _spacing(name: str, fields: Mapping[str, str], count: int) -> tuple[list[float], bool, list[str]]:
    sizes = numbers(name, "ElementSpacing", fields.get("ElementSpacing", ""))
    if not sizes:
        return [1.0] * count, False, ["spacing unknown: the file has no ElementSpacing"]
    check_count(name, "ElementSpacing", sizes, count)
    if all(is_size(s) for s in sizes[:3]):
        return sizes, True, []
    used = [s if is_size(s) else 1.0 for s in sizes]
    return used, False, [f"spacing unknown: ElementSpacing is zero, negative or not finite ({sizes})"]


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((fields[n] for n in names if n in fields), "")


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "1")
