"""Lung fields by `lung_mask`: pictures, and figures where the truth is known."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from skimage.measure import label
from skimage.segmentation import find_boundaries

from docs.comparison_pictures import figure, montage, table
from prep_core import Recipe, Scan, apply, load
from prep_core.line import Line
from prep_core.samples import load_sample
from prep_core.samples.chest import Phantom, simulate_chest_ct, simulate_chest_xray
from prep_core.starting import starting_values

SLICES = (8, 16, 24, 32, 40)
HU = (-1000.0, 400.0)
SMOOTHINGS = (0.02, 0.03, 0.05, 0.08, 0.1)


def lungs_built_in(pictures: Path) -> str:
    """A real chest CT, and two simulated chests whose lungs are known."""
    scan = load_sample("ct_chest")
    result = with_lungs(scan)
    strip = [(f"slice {z}", scan.data[z], *HU, rim(result.mask[z])) for z in SLICES]
    montage(pictures / "lungs_ct.png", strip, scan.take({"Z": 0}))
    simulated = {"CT": simulate_chest_ct(), "radiograph": simulate_chest_xray()}
    negative = simulate_chest_xray(monochrome1=True)
    for name, phantom in simulated.items():
        plane = phantom.scan.take({"Z": phantom.scan.size("Z") // 2}) if "Z" in phantom.scan.axes else phantom.scan
        found = with_lungs(phantom.scan).mask
        middle = found[found.shape[0] // 2] if found.ndim == 3 else found
        pixels = plane.data.reshape(middle.shape)
        low, high = np.percentile(pixels, (1, 99))
        montage(pictures / f"lungs_{name.lower()}_simulated.png", [(name, pixels, low, high, rim(middle))], plane)
    return (
        "`lung_mask` with its defaults (for a radiograph with those that the page chooses); its rim is drawn.\n\n"
        "![Five slices of a chest CT](comparisons/lungs_ct.png)\n\n"
        "Two simulated chests, whose lungs are known.  A z-score measured inside the mask has mean 0 and std 1 there.\n\n"
        "![Simulated CT](comparisons/lungs_ct_simulated.png) "
        "![Simulated radiograph](comparisons/lungs_radiograph_simulated.png)\n\n"
        + table(
            ("simulated", "Dice", "lungs found", "no lung in the mask", "z-score inside: mean", "std"),
            [row(name, phantom) for name, phantom in (simulated | {"radiograph, MONOCHROME1": negative}).items()],
        )
    )


def lungs_real(pictures: Path, shared: Path) -> str:
    """A real radiograph, stored as MONOCHROME1."""
    (scan,) = load(shared / "xray" / "chest_cr_mono1_j2k.dcm")
    masks = {smoothing: with_lungs(scan, smoothing=smoothing).mask for smoothing in SMOOTHINGS}
    low, high = np.percentile(scan.data, (1, 99))
    drawn = [("as it is shown", scan.data, low, high)]
    drawn += [(f"smoothing {s:g}", scan.data, low, high, wide_rim(mask)) for s, mask in masks.items()]
    montage(pictures / "lungs_radiograph.png", drawn, scan)
    return (
        "A classical method finds air, not anatomy: the lower corner of one lung is as bright as the heart, and is partly "
        "left out.  Nobody has drawn the truth here, so the table says how much the answer depends on `smoothing`.\n\n"
        "![A chest radiograph and its lung fields](comparisons/lungs_radiograph.png)\n\n"
        + table(("smoothing", "share inside", "one field", "the other"), [fields(s, mask) for s, mask in masks.items()])
    )


def with_lungs(scan: Scan, **more: float) -> Scan:
    """The scan with its lung mask, by the parameters that the page begins with."""
    params = starting_values("lung_mask", scan, scan.data[scan.valid], scan.unit) | more
    return apply(Recipe((Line("lung_mask", params), Line("zscore", inside="mask"))), scan)


def row(name: str, phantom: Phantom) -> tuple[str, ...]:
    result, truth = with_lungs(phantom.scan), phantom.truth["lungs"]
    both = np.count_nonzero(result.mask & truth)
    inside = result.data[result.mask].astype(np.float64)
    return (
        name,
        figure(2 * both / (np.count_nonzero(result.mask) + np.count_nonzero(truth)), 3),
        f"{both / np.count_nonzero(truth):.1%}",
        f"{np.count_nonzero(result.mask & ~truth) / np.count_nonzero(result.mask):.1%}",
        figure(abs(inside.mean()), 3),
        figure(inside.std(), 3),
    )


def fields(smoothing: float, mask: NDArray[np.bool_]) -> tuple[str, ...]:
    """How much of the picture is lung, and each of the two largest fields."""
    sizes = sorted(np.bincount(label(mask).ravel())[1:], reverse=True)
    return figure(smoothing, 2), *(f"{size / mask.size:.1%}" for size in (mask.sum(), *sizes[:2]))


def rim(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return find_boundaries(mask, mode="inner")


def wide_rim(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A rim that is still seen when a large picture is made small."""
    rows = np.flatnonzero(mask.any(axis=1))
    thick = max(1, (rows[-1] - rows[0]) // 120)
    edge = find_boundaries(mask, mode="inner")
    for _ in range(thick):
        edge |= np.roll(edge, 1, 0) | np.roll(edge, -1, 0) | np.roll(edge, 1, 1) | np.roll(edge, -1, 1)
    return edge
