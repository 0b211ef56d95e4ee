"""The address of the page holds the sample, the place and the recipe, so that a reload gives the same picture.

It never holds anything of an uploaded scan but the place in it.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from prep_core.recipe import Recipe, RecipeError

LONGEST = 6000
"""Characters; servers and browsers cut longer addresses."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    sample: str = ""
    recipe: Recipe | None = None
    at: Mapping[str, int] = field(default_factory=dict)


def read(parameters: Mapping[str, str]) -> Asked:
    """Understand an address; what is damaged or from another version is left out."""
    at = {axis: int(parameters[axis]) for axis in "TCZ" if parameters.get(axis, "").isdecimal()}
    return Asked(parameters.get("sample", ""), _unpacked(parameters.get("recipe", "")), at)


def write(sample: str, recipe: Recipe, at: Mapping[str, int]) -> dict[str, str]:
    """The parameters of an address that asks for this; a recipe too long for an address is left out."""
    packed = base64.urlsafe_b64encode(zlib.compress(recipe.to_yaml().encode(), 9)).decode() if recipe.lines else ""
    words = {"sample": sample, "recipe": packed if len(packed) <= LONGEST else ""}
    return {k: v for k, v in words.items() if v} | {axis: str(i) for axis, i in at.items()}


def _unpacked(packed: str) -> Recipe | None:
    if not packed or len(packed) > LONGEST:
        return None
    try:
        text = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), 1 << 16)
        return Recipe.from_yaml(text)
    except (ValueError, zlib.error, RecipeError):
        return None
