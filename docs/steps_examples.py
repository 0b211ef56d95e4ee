"""What each step is shown on in docs/steps.md: a built-in sample, the lines above, and the parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from prep_core.line import Line
from prep_core.samples import load_sample
from prep_core.scan import Scan


@dataclass(frozen=True)
class Example:
    """A sample, what is done to it first, and the parameters of the step; defaults for the others.

    Attributes
    ----------
    sample : a name, or what makes a scan
    zoom : (top, left, size) in pixels; nothing shows the whole plane
    """

    sample: str | Callable[[], Scan]
    params: Mapping[str, Any] = field(default_factory=dict)
    above: tuple[Line, ...] = ()
    inside: str = ""
    zoom: tuple[int, int, int] | None = None


def vignetted() -> Scan:
    """Sixteen pictures of cells, each moved, all under the same uneven light."""
    cells = load_sample("fluorescence_nuclei")
    y, x = (np.linspace(-1, 1, n) for n in cells.data.shape)
    light = np.exp(-0.9 * (y[:, None] ** 2 + x**2))
    moved = [np.roll(cells.data, (i * 83, i * 131), (0, 1)) + 20.0 for i in range(16)]
    return Scan((np.stack(moved) * light).astype(np.float32), "TYX", modality="MIC", name="vignetted")


def with_hot_pixels() -> Scan:
    """A chest CT with 400 broken voxels."""
    scan = load_sample("ct_chest")
    rng = np.random.default_rng(0)
    data = scan.data.copy()
    middle = scan.data.shape[0] // 2
    data[middle, rng.integers(60, 200, 400), rng.integers(30, 230, 400)] = 3000
    return replace(scan, data=data)


WIDE = Line("window", {"center": 0, "width": 2000})
INTENSITY = Line("magnitude")
ONE = Line("percentile_rescale")
BODY = Line("body_mask")
NEAR = (60, 150, 110)

BY_FAMILY: Mapping[str, Example] = MappingProxyType(
    {
        "values": Example("ct_chest"),
        "scale": Example("mr_brain_bias"),
        "contrast": Example("ct_chest", above=(WIDE,)),
        "fields": Example("mr_simulated"),
        "noise": Example("us_phantom", above=(ONE,), zoom=NEAR),
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
        "metal": Example("ct_simulated"),
        "decibel": Example("oct_simulated", {"floor_db": -80.0}, (INTENSITY,)),
        "log": Example("oct_simulated", {"offset": 1e-6}, (INTENSITY,)),
        "asinh": Example("oct_simulated", {"scale": 1e-3}, (INTENSITY,)),
        "sqrt": Example("fluorescence_nuclei"),
        "anscombe": Example("fluorescence_nuclei"),
        "gamma": Example("ct_chest", {"gamma": 0.5}, (WIDE,)),
        "round_to": Example("ct_chest", {"levels": 8}, (WIDE,)),
        "invert": Example("ct_chest", {"high": 1.0}, (WIDE,)),
        "clip": Example("ct_chest", {"low": -200.0, "high": 400.0}),
        "rescale_range": Example("ct_chest", {"in_low": -160.0, "in_high": 240.0}),
        "background_scale": Example("phase_cell"),
        "flat_field": Example(vignetted, {"estimate": "mean"}),
        "standardize_map": Example("us_phantom", {"std_floor": 5.0}),
        "hot_pixels": Example(with_hot_pixels, inside="foreground"),
        "bilateral": Example("us_phantom", {"sigma_value": 0.2, "sigma_space": 2.0, "lengths_in": "px"}, (ONE,), zoom=NEAR),
        "tv": Example("us_phantom", {"weight": 0.2}, (ONE,), zoom=NEAR),
        "nlm": Example("us_phantom", {"h": 0.2}, (ONE,), zoom=NEAR),
        "gaussian": Example("us_phantom", {"sigma": 2.0, "lengths_in": "px", "extent": "plane"}, (ONE,), zoom=NEAR),
        "median": Example("us_phantom", {"size": 5, "extent": "plane"}, (ONE,), zoom=NEAR),
        "background_subtract": Example("phase_cell", {"radius": 25.0, "lengths_in": "px"}),
        "band_index": Example("satellite_sentinel2"),
        "select_channels": Example("satellite_sentinel2", {"names": "B08"}),
        "to_grey": Example("us_echo"),
        "apply_mask": Example("ct_chest", {"fill": -1000.0}, (BODY,)),
        "threshold_mask": Example("ct_chest", {"low": 200.0, "high": 3000.0}),
        "crop_foreground": Example("ct_chest", {"what": "foreground"}),
        "crop_or_pad": Example("ct_chest", {"size": (0, 160, 320)}, (WIDE,)),
        "resample": Example("ct_chest", {"spacing": (2.5, 5.0, 5.0)}, (WIDE,)),
        "downscale": Example("ct_chest", {"factor": (1, 6, 6)}, (WIDE,)),
    }
)
"""For the others."""
