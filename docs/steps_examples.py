"""What each step is shown on in docs/steps.md: a built-in sample, the lines above, and the parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from prep_core.line import Line


@dataclass(frozen=True)
class Example:
    """A sample, what is done to it first, and the parameters of the step; defaults for the others.

    Attributes
    ----------
    zoom : (top, left, size) in pixels; nothing shows the whole plane
    """

    sample: str
    params: Mapping[str, Any] = field(default_factory=dict)
    above: tuple[Line, ...] = ()
    inside: str = ""
    zoom: tuple[int, int, int] | None = None


HU_WINDOW = Line("window", {"center": 40, "width": 400})
WIDE = Line("window", {"center": 0, "width": 2000})
INTENSITY = Line("magnitude")
DECIBEL = Line("decibel", {"floor_db": -80.0})
POSITIVE = Line("clip", {"low": 1.0, "high": 1e6})
ONE = Line("percentile_rescale")
BODY = Line("body_mask")
FOREGROUND = Line("foreground_mask")

BY_FAMILY: Mapping[str, Example] = MappingProxyType(
    {
        "values": Example("ct_chest"),
        "scale": Example("mr_brain_bias"),
        "contrast": Example("ct_chest", above=(WIDE,)),
        "fields": Example("mr_brain_bias"),
        "noise": Example("us_phantom", zoom=(60, 90, 96)),
        "masks": Example("ct_chest"),
        "artifacts": Example("ct_chest"),
        "grid": Example("ct_chest", above=(WIDE,)),
        "channels": Example("satellite_sentinel2"),
    }
)
"""For steps that need nothing of their own."""

EXAMPLES: Mapping[str, Example] = MappingProxyType(
    {
        "magnitude": Example("oct_simulated"),
        "decibel": Example("oct_simulated", {"floor_db": -80.0}, (INTENSITY,)),
        "log": Example("oct_simulated", {"offset": 1.0}, (INTENSITY,)),
        "asinh": Example("oct_simulated", above=(INTENSITY,)),
        "sqrt": Example("fluorescence_nuclei"),
        "anscombe": Example("fluorescence_nuclei"),
        "gamma": Example("ct_chest", {"gamma": 0.5}, (WIDE,)),
        "round_to": Example("ct_chest", {"levels": 8}, (WIDE,)),
        "invert": Example("ct_chest", {"high": 1.0}, (WIDE,)),
        "clip": Example("ct_chest", {"low": -200.0, "high": 400.0}),
    }
)
"""For the others."""
