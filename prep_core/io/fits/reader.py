"""FITS images (FITS Standard 4.0): headers and compressed tiles by astropy, everything else counted out here."""

from dataclasses import dataclass

from prep_core.io import gzip_bytes
from prep_core.io.answers import Answers, place_axes
from prep_core.io.errors import ReadError
from prep_core.io.files import File, digest
from prep_core.io.fits import library
from prep_core.io.fits.blocks import Hdu, card, follows_its_sum, unpacked, walk
from prep_core.io.fits.parts import about_others, asked, bytes_of, images_of
from prep_core.io.fits.values import stored_of, valid_of, values_of
from prep_core.io.fits.words import axes_kept, axes_of, facts_of
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.io.units import unit_of
from prep_core.scan import Scan, Source, voxel_affine

MAGIC = b"SIMPLE  ="
ROWS = "the first row is the lowest of the picture, as FITS counts; kept as stored"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file after the walk through its HDUs."""

    shown: str
    stem: str
    sha256: str
    data: bytes
    primary: Hdu
    images: dict[str, Hdu]
    told: list[str]


def is_fits(head: bytes) -> bool:
    """Whether a file that starts so (unpacked) is FITS."""
    return head.startswith(MAGIC)


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """Every image with 2 or more axes as a scan, errors and flags last; or the one of `answers.part`.

    Raises
    ------
    ReadError
        For a damaged, truncated or too large file, and for one without an image.
    AxesNeeded
        For a third axis that no CTYPE explains.
    PartNeeded
        When there is no part of the name that was asked for.
    """
    opened = _open(file, limits)
    wanted = answers.part and asked(file.shown, opened.images, answers.part)
    chosen = [wanted] if wanted else list(opened.images)
    total = sum(bytes_of(opened.images[part]) for part in chosen)
    limits.check(file.shown, "decoded_bytes", total, "the declared size of all its images in bytes")
    return [_scan(opened, part, answers) for part in chosen]


def _open(file: File, limits: Limits) -> _Opened:
    packed = file.read()
    data = unpacked(file.shown, packed, limits) if packed.startswith(gzip_bytes.MAGIC) else packed
    hdus, told = walk(file.shown, data, limits)
    images, others = images_of(hdus), about_others(hdus)
    if not images:
        why = f" ({others[0]})" if others else ""
        raise ReadError(f"{file.shown} has no image of 2 or more axes{why}; choose another file")
    return _Opened(file.shown, scan_name(file.name), digest(packed), data, hdus[0], images, [*told, *others])


def _scan(opened: _Opened, part: str, answers: Answers) -> Scan:
    hdu, several = opened.images[part], len(opened.images) > 1
    shown = f"{opened.shown} (HDU {hdu.number})" if several else opened.shown
    stored = stored_of(shown, hdu, opened.data)
    values, converted = values_of(shown, hdu, stored)
    valid, told = valid_of(shown, hdu, stored)
    kept = axes_kept(hdu, answers.axes)
    shape = tuple(hdu.shape[-n] for n in kept)
    axes = answers.axes if answers.axes and len(answers.axes) == len(kept) else axes_of(hdu, kept)
    pixels, order = place_axes(shown, values.reshape(shape), axes)
    broken = [] if follows_its_sum(hdu, opened.data) else ["its data do not add up to the DATASUM in its header"]
    facts = {**facts_of(hdu, opened.primary), "hdu": hdu.number, "row_order": ROWS}
    sha = digest(f"{opened.sha256}/{hdu.number}".encode()) if several else opened.sha256
    return Scan(
        pixels,
        order,
        voxel_affine(),
        unit=unit_of(card(hdu.header, "BUNIT")),
        modality="AST",
        valid=place_axes(shown, valid.reshape(shape), axes)[0] if valid.ndim else valid,
        name=scan_name(f"{opened.stem}-{part.replace(',', '-')}.fits") if several else opened.stem,
        source=Source(
            sha,
            "FITS",
            library.name(),
            facts,
            (*opened.told, *told, *broken),
            tuple(converted),
        ),
    )
