"""Steps that even out bias, shading and illumination."""

from collections.abc import Mapping

from prep_core.ops.fields import illumination, lowpass, n4, polynomial, uneven_background
from prep_core.steps.step import ALIKE, Step

_TISSUE: Mapping[str, tuple[str, ...]] = {"inside": ("foreground", "mask", "positive")}
_ANYWHERE: Mapping[str, tuple[str, ...]] = {"inside": (*_TISSUE["inside"], "all")}

STEPS: tuple[Step, ...] = (
    Step("n4", "fields", n4.n4, domain="volume", words=_TISSUE, rule=n4.n4_rule),
    Step("lowpass_field", "fields", lowpass.lowpass_field, domain="volume", words=_ANYWHERE),
    Step("polynomial_field", "fields", polynomial.polynomial_field, domain="volume", words=_ANYWHERE),
    Step(
        "flat_field",
        "fields",
        illumination.flat_field,
        measure=illumination.flat_image,
        words={**ALIKE, "over": ("dataset",), "per": ("pixel",)},
        check=illumination.has_flat,
    ),
    Step(
        "background_subtract",
        "fields",
        uneven_background.background_subtract,
        domain="plane",
        reach=uneven_background.background_reach,
    ),
)
