"""Units as files write them: kept where they are made of known words, so that no other text is taken for one."""

import re
from typing import Any

WORD = re.compile(r"[\w .,/*^()+\-]{1,32}", re.ASCII)
NO_UNIT = "a.u."

COUNTS = ("e", "electron", "electrons", "count", "counts", "ct", "adu", "dn", "photon", "photons", "ph", "mag")
FLUXES = ("jy", "mjy", "ujy", "njy", "erg", "ergs", "w", "kw", "j", "ev", "kev", "k", "mk", "rayleigh", "r", "percent")
FIELDS = ("g", "gauss", "mx", "t", "v", "mv", "hu", "db")
AREAS = ("beam", "sr", "pix", "pixel", "arcsec", "arcmin", "deg", "rad", "cm", "m", "mm", "um", "nm", "km", "kpc", "pc")
RATES = ("s", "sec", "second", "min", "h", "hz", "khz", "mhz", "ghz", "a", "angstrom", "micron")
UNITS = frozenset((*COUNTS, *FLUXES, *FIELDS, *AREAS, *RATES))
"""Words of which a unit may consist, without case."""


def unit_of(told: Any) -> str:
    """`told` where it is made of words for units, else "a.u."."""
    if not isinstance(told, str) or not is_word(told.strip()):
        return NO_UNIT
    words = re.findall(r"[a-z]+", told.lower())
    return told.strip() if told.strip() == "1" or (words and UNITS.issuperset(words)) else NO_UNIT


def is_word(told: Any) -> bool:
    """Whether `told` is a short technical word or two."""
    return isinstance(told, str) and WORD.fullmatch(told) is not None
