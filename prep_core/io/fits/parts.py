"""The images of a FITS file: in which order, how each is called, and which one was asked for."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from prep_core.io.errors import Part
from prep_core.io.fits.blocks import Hdu, card
from prep_core.io.parts import part_needed

ABOUT_OTHERS = frozenset(("ERR", "DQ", "WHT", "CTX", "VAR", "IVAR", "UNC", "MASK", "BPM", "SAMP", "WEIGHT", "NOISE"))
"""EXTNAMEs of images that say how far others can be trusted: they come after these."""


def images_of(hdus: Sequence[Hdu]) -> dict[str, Hdu]:
    """Every image by its name: EXTNAME, with its EXTVER where several have it, else the number of its HDU.

    In the order of the file, but errors and flags behind what they are about.
    """
    images = sorted((h for h in hdus if h.is_image), key=lambda h: _extname(h) in ABOUT_OTHERS)
    counts = Counter(map(_extname, images))
    named = [(_part_name(hdu, counts[_extname(hdu)] > 1), hdu) for hdu in images]
    used = Counter(part for part, _ in named)
    return {part if used[part] == 1 else str(hdu.number): hdu for part, hdu in named}


def asked(name: str, images: Mapping[str, Hdu], wanted: str) -> str:
    """The name of the image that is meant by EXTNAME, by "EXTNAME,EXTVER", or by the number of its HDU.

    Raises
    ------
    PartNeeded
        When there is none.
    """
    low = wanted.strip().upper()
    for part, hdu in images.items():
        if low in (part, _extname(hdu), f"{_extname(hdu)},{_extver(hdu)}", str(hdu.number)):
            return part
    raise part_needed(name, [Part(part, hdu.shape, _dtype(hdu)) for part, hdu in images.items()], wanted)


def bytes_of(hdu: Hdu) -> int:
    """Bytes of the stored numbers of an image, unpacked."""
    return math.prod(hdu.shape) * abs(_bits(hdu)) // 8


def about_others(hdus: Sequence[Hdu]) -> list[str]:
    """A warning about everything that is no image."""
    others = Counter(h.kind for h in hdus if h.kind not in ("image", "compressed"))
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(others.items())]
    return [f"what is no image was left out: {', '.join(words)}"] if words else []


def _part_name(hdu: Hdu, twice: bool) -> str:
    own = _extname(hdu)
    if not own:
        return str(hdu.number)
    return f"{own},{_extver(hdu)}" if twice else own


def _extname(hdu: Hdu) -> str:
    return str(card(hdu.header, "EXTNAME") or "").strip().upper()


def _extver(hdu: Hdu) -> int:
    version = card(hdu.header, "EXTVER")
    return version if isinstance(version, int) else 1


def _bits(hdu: Hdu) -> int:
    return int(card(hdu.header, "ZBITPIX" if hdu.kind == "compressed" else "BITPIX"))


def _dtype(hdu: Hdu) -> str:
    bits = _bits(hdu)
    return f"float{-bits}" if bits < 0 else f"int{bits}" if bits > 8 else "uint8"
