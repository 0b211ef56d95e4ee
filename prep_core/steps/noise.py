"""Steps that remove noise."""

from types import MappingProxyType

from prep_core.measure import INSIDE
from prep_core.ops.noise import edge_preserving, hot_pixels, restoration, smooth
from prep_core.steps.step import Step

STEPS = (
    Step("gaussian", "noise", smooth.gaussian, domain="volume", reach=smooth.gaussian_reach),
    Step("median", "noise", smooth.median, domain="plane", rule=smooth.median_rule, reach=smooth.median_reach),
    Step("bilateral", "noise", edge_preserving.bilateral, domain="volume", reach=edge_preserving.bilateral_reach),
    Step("tv", "noise", restoration.tv, domain="plane"),
    Step("nlm", "noise", restoration.nlm, domain="plane", rule=restoration.nlm_rule),
    Step("anisotropic", "noise", edge_preserving.anisotropic, domain="plane"),
    Step(
        "hot_pixels",
        "noise",
        hot_pixels.hot_pixels,
        domain="plane",
        words=MappingProxyType({"inside": INSIDE}),
        tally=hot_pixels.hot_pixels_tally,
    ),
)
