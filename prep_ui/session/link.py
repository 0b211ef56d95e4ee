"""The address of the page holds sample, place, recipe and selected line, so that a reload gives the same picture.

It never holds anything of an uploaded scan but the place in it.  What it cannot hold it names.
"""

import base64
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe

LONGEST = 6000
"""Characters; servers and browsers cut longer addresses."""

DAMAGED = "damaged"
"""What is lost of an address that was cut or changed on its way."""

SCANS, RECIPE, OFF, ARRAYS = "scans", "recipe", "off", "arrays"
CANNOT_HOLD = (SCANS, RECIPE, OFF, ARRAYS)
"""What an address may have to leave behind: own scans, a long recipe, lines switched off, numbers that are images."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for.

    Attributes
    ----------
    line : the selected one among those switched on, counted from 1; 0 for none
    off : lines that are switched off, by their place among all, counted from 0
    lost : what the address could not hold, in words of `CANNOT_HOLD`, and `DAMAGED` where it holds no recipe that can
        be read
    """

    sample: str = ""
    recipe: Recipe | None = None
    at: Mapping[str, int] = field(default_factory=dict)
    line: int = 0
    off: Mapping[int, Line] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def read(parameters: Mapping[str, str]) -> Asked:
    """Understand an address; what is damaged or from another version is left out, and a recipe is missed."""
    whole = {name: int(text) for name, text in parameters.items() if _is_whole(text)}
    at = {axis: whole[axis] for axis in "TCZYX" if axis in whole}
    lost = parameters.get("lost", "").split(".")
    packed = parameters.get("recipe", "")
    recipe = _unpacked(packed)
    return Asked(
        parameters.get("sample", ""),
        recipe,
        at,
        whole.get("line", 0),
        _switched_off(parameters.get("off", ""), parameters.get("off_at", "")),
        (*(word for word in CANNOT_HOLD if word in lost), *((DAMAGED,) if packed and recipe is None else ())),
    )


def write(
    sample: str,
    recipe: Recipe,
    at: Mapping[str, int],
    line: int,
    off: Mapping[int, Line] | None = None,
    lost: Iterable[str] = (),
) -> dict[str, str]:
    """The parameters of an address that asks for this; a recipe too long for an address is left out.

    An address cannot hold arrays: lines that were fitted with some wait for their training set again.  The lock and
    the list of training scans stay behind too.  The other arguments are those of `Asked`; `lost` is added to.
    """
    light = replace(recipe, lock=None, trained_on=_without_members(recipe.trained_on))
    kept = light.edited(replace(o, fitted=None) if o.fitted and o.fitted.arrays else o for o in recipe.lines)
    aside = Recipe(tuple(replace(one, fitted=None) for one in (off or {}).values()))
    packed, packed_off = _packed(kept), _packed(aside)
    fits, off_fits = len(packed) <= LONGEST, len(packed) + len(packed_off) <= LONGEST
    left = {SCANS: SCANS in lost, RECIPE: not fits, OFF: bool(packed_off) and not off_fits, ARRAYS: bool(recipe.arrays)}
    words = {
        "sample": sample,
        "recipe": packed if fits else "",
        "line": str(line or ""),
        "off": packed_off if off_fits else "",
        "off_at": "-".join(map(str, off or {})) if off_fits else "",
        "lost": ".".join(word for word in CANNOT_HOLD if left[word]),
    }
    return {k: v for k, v in words.items() if v} | {axis: str(i) for axis, i in at.items()}


def _without_members(trained_on: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return trained_on and {key: value for key, value in trained_on.items() if key != "members"}


def _is_whole(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 10


def _switched_off(packed: str, places: str) -> Mapping[int, Line]:
    lines = recipe.lines if (recipe := _unpacked(packed)) else ()
    numbers = [int(place) for place in places.split("-") if _is_whole(place)]
    return dict(zip(numbers, lines, strict=True)) if len(numbers) == len(lines) else {}


def _packed(recipe: Recipe) -> str:
    if not recipe.lines:
        return ""
    return base64.urlsafe_b64encode(zlib.compress(recipe.to_yaml().encode(), 9)).decode()


def _unpacked(packed: str) -> Recipe | None:
    if not packed or len(packed) > LONGEST:
        return None
    try:
        text = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), 1 << 16)
        return Recipe.from_yaml(text)
    except (ValueError, zlib.error, RecipeError):
        return None
