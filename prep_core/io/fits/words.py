"""What the keywords of a FITS header say of a scan: axes, and the few that may be kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from prep_core.io.fits.blocks import Hdu, card
from prep_core.io.units import is_word

AXIS_OF: Mapping[str, str] = {
    **dict.fromkeys(("FREQ", "ENER", "WAVN", "WAVE", "AWAV", "WAVELENGTH", "STOKES"), "C"),
    **dict.fromkeys(("VELO", "VRAD", "VOPT", "ZOPT", "BETA", "FELO", "VELOCITY"), "C"),
    **dict.fromkeys(("TIME", "UTC", "TAI", "TT", "TDB", "TCB", "TCG", "UT1"), "T"),
}
"""CTYPEn before its first hyphen (FITS 4.0, tables 23, 25 and 30)."""

STORED = ("BITPIX", "ZBITPIX", "ZCMPTYPE", "ZQUANTIZ", "BSCALE", "BZERO", "BLANK", "BUNIT", "EXTNAME", "EXTVER")
SKY = ("CDELT1", "CDELT2", "CDELT3", "CD1_1", "CD1_2", "CD2_1", "CD2_2", "CUNIT1", "CUNIT2", "CUNIT3", "PIXSCALE")
TYPES = ("CTYPE1", "CTYPE2", "CTYPE3", "CTYPE4")
INSTRUMENT = ("TELESCOP", "INSTRUME", "DETECTOR", "CAMERA", "FILTER", "FILTER1", "FILTER2", "WAVELNTH", "WAVEUNIT")
EXPOSURE = ("EXPTIME", "GAIN", "RDNOISE")
"""Technical keywords that may be kept.  Never who observed what and when."""


def axes_kept(hdu: Hdu, axes: str | None) -> tuple[int, ...]:
    """The numbers of the axes of an image (n of NAXISn), slowest first.

    Those above the second that have length 1 are left out, unless the user named all.
    """
    lengths = dict(zip(range(len(hdu.shape), 0, -1), hdu.shape, strict=True))
    if axes and len(axes) == len(lengths):
        return tuple(lengths)
    return tuple(n for n, length in lengths.items() if n <= 2 or length > 1)


def axes_of(hdu: Hdu, kept: tuple[int, ...]) -> str | None:
    """The letters of the axes with these numbers where CTYPEn tells them all.

    NAXIS1 is x and NAXIS2 is y; what a third axis is, only its CTYPE can say.
    """
    letters = [AXIS_OF.get(str(card(hdu.header, f"CTYPE{n}") or "").upper().split("-")[0].strip(), "") for n in kept]
    above = letters[:-2]
    if any(letters[-2:]) or "" in above or len(set(above)) != len(above):
        return None
    return "".join(above) + "YX"


def facts_of(hdu: Hdu, primary: Hdu) -> dict[str, Any]:
    """The technical keywords of an image; those of the instrument also from the first header of its file."""
    of_instrument = (*INSTRUMENT, *EXPOSURE)
    # The BITPIX of a compressed image is that of the table which holds it.
    own = [key for key in (*STORED, *SKY, *TYPES, *of_instrument) if key != "BITPIX" or hdu.kind == "image"]
    return {**_kept(primary, of_instrument), **_kept(hdu, own)}


def _kept(hdu: Hdu, keys: Iterable[str]) -> dict[str, Any]:
    """Numbers and short words."""
    found = {key: card(hdu.header, key) for key in keys if key in hdu.header}
    kept = {key: value.strip() if isinstance(value, str) else value for key, value in found.items()}
    return {key: value for key, value in kept.items() if isinstance(value, int | float) or is_word(value)}
