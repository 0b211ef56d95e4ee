"""TIFF and OME-TIFF by tifffile: axes and depth kept.  Companion files that a header names are never opened."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import tifffile
from numpy.typing import NDArray

from prep_core.io import remarks
from prep_core.io.answers import Answers, in_order
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, of_bytes
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.tiff import ome as ome
from prep_core.io.tiff.axes import named
from prep_core.io.tiff.directories import Bytes, check_directories, check_pieces
from prep_core.io.tiff.samples import Samples, calibrated, check_colours, intensities, is_lossy, no_data
from prep_core.io.tiff.sizes import ground_facts, place, sizes_of
from prep_core.scan import Finding, Scan, Source

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
READER = f"tifffile {tifffile.__version__}"
BESIDE = ("Thumbnail", "Label", "Macro")
"""Pictures of a slide scanner that are not the specimen; the label often names a person."""


def is_tiff(head: bytes) -> bool:
    """Whether a file that starts so is TIFF or BigTIFF."""
    return head.startswith(MAGIC)


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """Every series of pages as one scan; small previews of the same picture are left out, and that is told.

    Raises
    ------
    ReadError
        For a damaged or too large file, for planes in other files, for inks.
    AxesNeeded
        For pages whose axis the file does not name.
    """
    whole = file if file.segment else of_bytes(file.name, file.read())
    data = whole.view()
    with whole.open() as stream:
        check_directories(file.shown, Bytes(stream, file.size), limits)
    with decoding(file.shown, "TIFF"), opened(file.shown, whole.open) as (tif, header):
        pictures = pictures_in(tif, header, file, limits)
        limits.check_ratio(file.shown, file.size, sum(p.series.size * p.series.dtype.itemsize for p in pictures))
        scans = [_scan(picture, data, file.digest_of(data), answers) for picture in pictures]
    if not scans:
        raise ReadError(f"{file.shown} has no picture in it; check what it really is")
    return scans


@contextmanager
def opened(name: str, stream: Callable[[], BinaryIO]) -> Iterator[tuple[Any, ome.Ome]]:
    """The file, and its OME-XML.  A header that cannot be used is kept from tifffile, which would parse it too."""
    with stream() as first, tifffile.TiffFile(first, _multifile=False) as tif:
        header = ome.parse(name, tif.ome_metadata or "")
    flags = {} if header.images else {"is_ome": False}
    with stream() as second, tifffile.TiffFile(second, _multifile=False, **flags) as tif:
        yield tif, header


@dataclass(frozen=True)
class Picture:
    """One picture of an opened file: its series of pages, what OME-XML says of it, and what is told about it."""

    tif: Any
    series: Any
    image: ome.OmeImage | None
    file: File
    told: Sequence[str]


def pictures_in(tif: Any, header: ome.Ome, file: File, limits: Limits) -> list[Picture]:
    """The pictures of a file that are no previews, checked for what a decoder would not."""
    series, told = _wanted(list(tif.series))
    found = []
    for i, one in enumerate(series):
        _check(one, file, limits)
        image = ome.image_of(header.images, i, len(series), dict(zip(one.axes, one.shape, strict=True)))
        lost = header.images and image is None
        unmatched = ["the pictures of its OME-XML are not those of the file; no size was taken from it"]
        found.append(Picture(tif, one, image, file, [*header.warnings, *told, *(unmatched if lost else ())]))
    return found


def _wanted(every: Sequence[Any]) -> tuple[list[Any], list[str]]:
    """The series that are no previews, and what is told of the others."""
    wanted = [s for s in every if not s.keyframe.is_reduced and s.name not in BESIDE] or list(every)
    told = []
    if left := len(every) - len(wanted):
        told.append(f"{left} smaller picture(s) in the file, a preview or a label, were left out")
    if len(wanted) > 1:
        told.append(f"the file holds {len(wanted)} pictures of different size or kind; each is a scan of its own")
    return wanted, told


def _check(series: Any, file: File, limits: Limits) -> None:
    """Complain about what a decoder would not: too large, too small, or of no type that NumPy has."""
    if series.dtype is None:
        raise ReadError(
            f"{file.shown} has samples of an unsupported type; save it as integers or floats of 8 to 64 bits"
        )
    check_colours(file.shown, series.keyframe)
    stored = check_pieces(file.shown, series.pages, file.size)
    compressed = series.keyframe.compression != tifffile.COMPRESSION.NONE
    limits.check_array(file.shown, series.shape, series.dtype.itemsize, stored if compressed else None)


def _scan(picture: Picture, data: memoryview, sha: str, answers: Answers) -> Scan:
    page, series = picture.series.keyframe, picture.series
    samples = intensities(page, _stored(picture, data), series.axes)
    kept, axes = named(samples.axes, samples.data, picture.file.shown, answers)
    pixels, order = in_order(kept.astype(kept.dtype.newbyteorder("="), copy=False), axes)
    valid, missing = no_data(page, pixels)
    values, scaled, odd = calibrated(imagej_words(picture), pixels)
    whole = np.array(True) if valid is None else valid & np.isfinite(values)
    return described(picture, sha, values, whole, order, samples, Told(missing, scaled, odd))


def _stored(picture: Picture, data: memoryview) -> NDArray[Any]:
    """The numbers of a picture: from where they lie in `data`, if they do so one after the other as they are needed."""
    series = picture.series
    if series.dataoffset is None or series.dtype.kind not in "iufc":
        return np.asarray(series.asarray())
    dtype = series.dtype.newbyteorder(picture.tif.byteorder)
    return np.frombuffer(data, dtype, series.size, series.dataoffset).reshape(series.shape)


def imagej_words(picture: Picture) -> Any:
    """What ImageJ says of the picture, if it wrote it."""
    return picture.tif.imagej_metadata if picture.tif.is_imagej else None


@dataclass(frozen=True)
class Told:
    """Sentences about samples of no data, about what was done to numbers, and about what was not."""

    missing: Sequence[str]
    scaled: Sequence[str]
    odd: Sequence[str]


def described(
    picture: Picture,
    sha: str,
    values: NDArray[Any],
    valid: NDArray[np.bool_],
    order: str,
    samples: Samples,
    words: Told,
) -> Scan:
    """`values` with axes `order`, made of `samples`, with all that the headers say."""
    tif, series, image, file = picture.tif, picture.series, picture.image, picture.file
    page, own = series.keyframe, _own_words(tif)
    affine, known, facts, sized = place(file.shown, sizes_of(tif, page, image), ground_facts(page), own, order)
    inverted = page.photometric.name == "MINISWHITE"
    scan = Scan(
        values,
        order,
        affine,
        known,
        valid=valid,
        name=scan_name(file.name),
        source=Source(
            sha,
            "OME-TIFF" if tif.is_ome else "TIFF",
            READER,
            facts | _facts(page, series) | _lossy(tif, page),
            (*picture.told, *samples.warnings, *words.missing, *words.odd, *_levels(series), *sized),
            (*samples.converted, *words.scaled),
        ),
        channels=_channels(samples, image, values.shape[order.index("C")] if "C" in order else 0),
        display_inverted=inverted,
        findings=(_min_is_white(page),) if inverted else (),
    )
    return remarks.apply(scan, remarks.parse(own))


def _facts(page: Any, series: Any) -> dict[str, Any]:
    bits = page.bitspersample
    return {
        "photometric": page.photometric.name,
        "compression": page.compression.name,
        "bits": int(np.max(bits)),
        "pages": len(series.pages),
    }


def _lossy(tif: Any, page: Any) -> dict[str, str]:
    tif.filehandle.seek(page.dataoffsets[0])
    first = tif.filehandle.read(min(page.databytecounts[0], 1 << 16))
    return {"lossy": "01"} if is_lossy(page.compression.name, first) else {}


def _levels(series: Any) -> list[str]:
    smaller = len(series.levels) - 1
    return [f"the picture is a pyramid: its full level is read, {smaller} smaller ones are left out"] if smaller else []


def _channels(samples: Samples, image: ome.OmeImage | None, count: int) -> tuple[str, ...]:
    names = samples.channels or (image.channels if image else ())
    return names if len(names) == count else ()


def _min_is_white(page: Any) -> Finding:
    high = 2 ** int(np.max(page.bitspersample)) - 1
    return Finding(
        "miniswhite",
        "note",
        "MINISWHITE: low stored values are meant to be shown bright, so the picture is shown inverted.",
        f"The values are as stored; add invert with high = {high} to turn them.",
        step="invert",
        params={"high": float(high)},
    )


def _own_words(tif: Any) -> Mapping[str, str]:
    """What this program wrote into the description of the first page."""
    found = tif.shaped_metadata[0] if tif.is_shaped and tif.shaped_metadata else {}
    own = found.get(remarks.KEY, {})
    return {str(k): str(v) for k, v in own.items()} if isinstance(own, dict) else {}
