"""Whole recipes under names that people know: each line with its reason, each recipe with its source.

Only what the steps do exactly as the source does is here; a test computes each formula with NumPy.
"""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.recipe_presets.light import LIGHT
from prep_core.recipe_presets.preset import RecipePreset
from prep_core.recipe_presets.rays import RAYS
from prep_core.recipe_presets.resonance import RESONANCE
from prep_core.recipe_presets.waves import WAVES
from prep_core.scan import Scan

__all__ = ["RECIPE_PRESETS", "RecipePreset", "fitting_first"]

RECIPE_PRESETS: Mapping[str, RecipePreset] = MappingProxyType(
    {preset.key: preset for preset in (*RAYS, *RESONANCE, *WAVES, *LIGHT)}
)
"""By key, in the order of the menu."""


def fitting_first(scan: Scan) -> tuple[tuple[RecipePreset, ...], tuple[RecipePreset, ...]]:
    """The presets that are for scans like `scan`, and the others."""
    presets = RECIPE_PRESETS.values()
    return tuple(p for p in presets if p.fits(scan)), tuple(p for p in presets if not p.fits(scan))
