"""The simulated radiograph of a chest that lessons start from, made once for each size."""

from functools import cache

from prep_core.samples.chest import simulate_chest_xray
from prep_core.scan import Scan

EXTENT = (288.0, 336.0)
"""Height and width in mm of a picture that the chest fills."""

WIDE = (336.0, 408.0)
"""The same with air on all sides."""


@cache
def radiograph(spacing: float, extent: tuple[float, float] = EXTENT, photons: float = 1e6) -> Scan:
    """A chest from the front: pixels of `spacing` mm, the heart in the right half of the picture."""
    height, width = (round(length / spacing) for length in extent)
    return simulate_chest_xray(spacing=(spacing, spacing), size=(height, width), photons=photons).scan
