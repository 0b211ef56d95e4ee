"""Indices of two bands, and which channels the bands are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np

from prep_core.ops.channels.selection import channel_at, channel_of, channels_there, one_of, refuse_no_channels
from prep_core.param import P
from prep_core.scan import Scan

_BANDS: Mapping[str, tuple[str, str]] = {"ndvi": ("nir", "red"), "ndwi": ("green", "nir")}

_WORDS: Mapping[str, frozenset[str]] = {
    "green": frozenset({"green", "g"}),
    "red": frozenset({"red", "r"}),
    "nir": frozenset({"nir", "nearinfrared"}),
}

_NUMBERED = re.compile(r"(sr)?b(?:and)?0*([0-9]+a?)")
"""B8, B08, B8A, Band 8 and, of Landsat's surface reflectance, SR_B4; in small letters, without signs."""


class Sensor(NamedTuple):
    """The numbers of a sensor's bands, and which of them are green, red and near infrared, the best first."""

    name: str
    numbers: frozenset[str]
    green: str
    red: str
    nir: tuple[str, ...]

    def band(self, role: str) -> tuple[str, ...]:
        return {"green": (self.green,), "red": (self.red,), "nir": self.nir}[role]


def _numbers(*bands: int | str) -> frozenset[str]:
    return frozenset(map(str, bands))


_SENTINEL_2 = Sensor("Sentinel-2", _numbers(*range(1, 13), "8a"), "3", "4", ("8", "8a"))
# Without the panchromatic band 8 of Landsat: its pixels have another size, so it lies in no stack with the others.
_LANDSAT_8 = Sensor("Landsat 8-9", _numbers(*range(1, 8), 9, 10, 11), "3", "4", ("5",))
_LANDSAT_4 = Sensor("Landsat 4-7", _numbers(*range(1, 8)), "2", "3", ("4",))

_AS_MEASURED = (_SENTINEL_2, _LANDSAT_8, _LANDSAT_4)
_AS_SURFACE = (
    _LANDSAT_8._replace(numbers=_numbers(*range(1, 8))),
    _LANDSAT_4._replace(numbers=_numbers(*range(1, 6), 7)),
)
"""Sensors whose bands are called B4, and those whose surface reflectance is called SR_B4, with the bands it has."""


def index_rule(params: Mapping[str, Any]) -> str | None:
    """A complaint, if an index of its own has no bands."""
    if params["index"] != "custom" or (params["a"].strip() and params["b"].strip()):
        return None
    return "index custom needs two bands; name them by a and b"


def band_index(
    scan: Scan,
    *,
    index: Annotated[
        Literal["ndvi", "ndwi", "custom"],
        P("ndvi shows plants: a is near infrared, b red. ndwi shows water: a is green, b near infrared."),
    ] = "ndvi",
    a: Annotated[str, P("Band a: name of the channel, or number from 0; empty finds it by the names.")] = "",
    b: Annotated[str, P("Band b: name of the channel, or number from 0; empty finds it by the names.")] = "",
) -> Scan:
    """Compute a normalised difference of two bands: (a - b) / (a + b).

    Parameters
    ----------
    scan : Scan
        With an axis C, in reflectance or a multiple of it.

    Returns
    -------
    Scan
        float32 in the unit "1", without the axis C; from -1 to 1 where both bands are positive.

    Raises
    ------
    ValueError
        For a scan without channels, for a band that it does not have, and for names that fit several sensors of which
        the answers differ.

    Notes
    -----
    The quotient is formed in float64.  Where a + b is 0, it is NaN and not valid, and the tally counts it.  A pixel is
    valid where both bands are, and in the mask where either is.

    A common factor of the bands cancels out, an offset does not: of Sentinel-2 products since processing baseline 04.00
    (January 2022), subtract 1000 first, and of Landsat Collection 2 surface reflectance, multiply by 0.0000275 and
    subtract 0.2.  A scale step above that measures each channel makes the index meaningless.

    ndvi is that of Rouse [1]_, ndwi that of McFeeters [2]_; Gao's index of the same name, of near and short-wave
    infrared, is `custom`.  Bands are found by words (red, green, nir), or by numbers (B04, B8A, SR_B5) of Sentinel-2
    and Landsat where every sensor that has bands of all these numbers gives the same answer: B4 is red for two of
    them and near infrared for the third.

    References
    ----------
    .. [1] Rouse et al. 1974, "Monitoring vegetation systems in the Great Plains with ERTS", NASA SP-351, 309.
    .. [2] McFeeters 1996, "The use of the Normalized Difference Water Index", Int J Remote Sensing 17:1425.
    """
    bands = [channel_of(scan, at) for at in _band_pair(scan, index, a, b)]
    first, second = (band.data.astype(np.float64) for band in bands)
    with np.errstate(all="ignore"):  # zero denominators become NaN
        ratio = (first - second) / np.where(first + second == 0, np.nan, first + second)
    return replace(one_of(bands, ratio), display_inverted=False)


def band_index_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many pixels have no answer, and how many one beyond -1 and 1, which reflectance cannot have."""
    bands = [channel_of(before, at) for at in _band_pair(before, **params)]
    lost = bands[0].valid & bands[1].valid & ~after.valid
    beyond = (np.abs(after.data) > 1) & after.valid
    return {"zero_denominators": int(np.count_nonzero(lost)), "beyond_one": int(np.count_nonzero(beyond))}


def _band_pair(scan: Scan, index: str, a: str, b: str) -> tuple[int, int]:
    refuse_no_channels(scan)
    roles = _BANDS.get(index, ("", ""))
    first, second = (
        channel_at(scan, said.strip()) if said.strip() else _found(scan, role)
        for said, role in zip((a, b), roles, strict=True)
    )
    if first == second:
        raise ValueError(f"has the same channel as a and b (number {first}); name two")
    return first, second


def _found(scan: Scan, role: str) -> int:
    """The channel that is green, red or near infrared, by the names of all channels."""
    names = [re.sub("[^a-z0-9]", "", name.casefold()) for name in scan.channels]
    named = [i for i, name in enumerate(names) if name in _WORDS[role]]
    coded = [(match, i) for i, name in enumerate(names) if (match := _NUMBERED.fullmatch(name))]
    sensors, answers = _by_number(coded, role)
    answers = set(named) if named else answers
    answer = answers.pop() if len(answers) == 1 else None
    if answer is None:
        fit = f", which fit {' and '.join(sensors)}" if coded and len(sensors) > 1 else ""
        raise ValueError(
            f"cannot tell which channel is {role}: there are {channels_there(scan)}{fit}; name the bands by a and b"
        )
    return answer


def _by_number(coded: Sequence[tuple[re.Match[str], int]], role: str) -> tuple[list[str], set[int | None]]:
    """The sensors that have bands of all these numbers, and which channel is `role` for them; None where none is."""
    numbers = {match[2]: i for match, i in coded}
    known = _AS_SURFACE if any(match[1] for match, _ in coded) else _AS_MEASURED
    sensors = [sensor for sensor in known if sensor.numbers >= numbers.keys()]
    found = {next((numbers[n] for n in sensor.band(role) if n in numbers), None) for sensor in sensors}
    return [sensor.name for sensor in sensors], found
