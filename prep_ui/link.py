"""The address of the page holds sample, place, recipe and selected line, so that a reload gives the same picture.

It never holds anything of an uploaded scan but the place in it.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from prep_core.line import RecipeError
from prep_core.recipe import Recipe

LONGEST = 6000
"""Characters; servers and browsers cut longer addresses."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    sample: str = ""
    recipe: Recipe | None = None
    at: Mapping[str, int] = field(default_factory=dict)
    line: int = 0


def read(parameters: Mapping[str, str]) -> Asked:
    """Understand an address; what is damaged or from another version is left out."""
    whole = {name: int(text) for name, text in parameters.items() if text.isdecimal() and text.isascii()}
    at = {axis: whole[axis] for axis in "TCZ" if axis in whole}
    return Asked(parameters.get("sample", ""), _unpacked(parameters.get("recipe", "")), at, whole.get("line", 0))


def write(sample: str, recipe: Recipe, at: Mapping[str, int], line: int) -> dict[str, str]:
    """The parameters of an address that asks for this; a recipe too long for an address is left out.

    An address cannot hold arrays: lines that were fitted with some wait for their training set again.  The lock and
    the list of training scans stay behind too.  `line` is the selected one, counted from 1; 0 for none.
    """
    light = replace(recipe, lock=None, trained_on=_without_members(recipe.trained_on))
    kept = light.edited(replace(o, fitted=None) if o.fitted and o.fitted.arrays else o for o in recipe.lines)
    packed = base64.urlsafe_b64encode(zlib.compress(kept.to_yaml().encode(), 9)).decode() if kept.lines else ""
    words = {"sample": sample, "recipe": packed if len(packed) <= LONGEST else "", "line": str(line or "")}
    return {k: v for k, v in words.items() if v} | {axis: str(i) for axis, i in at.items()}


def _without_members(trained_on: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return trained_on and {key: value for key, value in trained_on.items() if key != "members"}


def _unpacked(packed: str) -> Recipe | None:
    if not packed or len(packed) > LONGEST:
        return None
    try:
        text = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), 1 << 16)
        return Recipe.from_yaml(text)
    except (ValueError, zlib.error, RecipeError):
        return None
