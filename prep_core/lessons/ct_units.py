"""Lesson: CT has units.  Windows, ranges and thresholds in HU, and a scan that is off by some of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from prep_core.findings import all_findings
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.thinned_plane import pixel_aspect, shown_pixels, thinned_plane
from prep_core.lessons.words import signed
from prep_core.line import Line
from prep_core.param import P
from prep_core.presets import PRESETS
from prep_core.quality.figures import share_outside
from prep_core.quality.hounsfield import hu_ranges
from prep_core.recipe import Recipe
from prep_core.run import apply, trace
from prep_core.samples.chest import simulate_chest_ct
from prep_core.scan import Scan

MUSCLE, BONE = 50.0, 1000.0
"""HU of muscle and of compact bone, followed through the windows."""

THRESHOLDS = tuple(float(threshold) for threshold in range(500, 3501, 125))
"""HU from which metal might be said to begin."""

SEEN = (-1200.0, 2000.0)
"""HU of the histogram's ends."""

Pixels = NDArray[np.float32]


def show(
    scan: Scan | None,
    *,
    center: Annotated[float, P("HU shown as mid-grey.", (-2000, 3000), "HU", soft=(-800, 800))] = 40.0,
    width: Annotated[float, P("HU from black to white.", (1, 5000), "HU", soft=(50, 2500))] = 400.0,
    metal: Annotated[float, P("What lies above is called metal.", (100, 30000), "HU", soft=(500, 3500))] = 2500.0,
    shift: Annotated[
        float, P("What is added to every value by mistake; 0 is right.", (-2000, 2000), "HU", soft=(-1024, 1024))
    ] = 60.0,
) -> Shown:
    """One slice in a window, the same slice off by a shift, its metal, and bone as four programs mean it."""
    plane = _plane(scan)
    off = replace(plane, data=plane.data.astype(np.float32) + np.float32(shift), modality="CT", findings=())
    recipe = Recipe((Line("window", {"center": center, "width": width}),), name="window", modality="CT")
    right, wrong = (_in_window(each, recipe.lines[0]) for each in (plane, off))
    numbers = _numbers(plane, off, center, width, metal) | {
        "muscle": _grey(recipe.lines[0], MUSCLE),
        "muscle_off": _grey(recipe.lines[0], MUSCLE + shift),
        "white": float(np.mean(right[np.isfinite(right)] >= 1)),
        "white_off": float(np.mean(wrong[np.isfinite(wrong)] >= 1)),
        "changed": float(np.nanmean(np.abs(wrong - right))),
    }
    return Shown(
        _happened(numbers, center, width, metal, shift, _noticed(off)),
        numbers,
        (
            (*_named(plane, {"In the window": right, f"Off by {_hu(shift)} HU": wrong}), _outlined(plane, metal)),
            _named(plane, {f"Bone, {source}": _in_window(plane, line) for source, line in _bones().items()}),
        ),
        (_histogram(plane, off, shift), _metal_chart(plane)),
        (_table(plane, center, width),),
        recipe,
    )


def _plane(scan: Scan | None) -> Scan:
    if scan is None:
        size, spacing = (3, 128, 160), (10.0, 2.0, 2.5)
        return thinned_plane(simulate_chest_ct(size=size, spacing=spacing, metal=8000.0).scan)
    if scan.unit != "HU":
        raise ValueError(
            f"scan {scan.name}: windows of CT need values in HU, and its unit is {scan.unit}; open a CT, or say the "
            "unit on the page Inspect where you know it"
        )
    return thinned_plane(scan)


def _named(plane: Scan, images: Mapping[str, Pixels]) -> tuple[Picture, ...]:
    return tuple(Picture(title, image, 0, 1, aspect=pixel_aspect(plane)) for title, image in images.items())


def _bones() -> Mapping[str, Line]:
    """The windows that programs call bone, by program."""
    found = (p for p in PRESETS if p.step == "window" and p.name.startswith("Bone"))
    return {preset.source: Line("window", preset.params) for preset in found}


def _in_window(plane: Scan, line: Line) -> Pixels:
    return shown_pixels(apply(Recipe((line,)), plane))


def _outlined(plane: Scan, threshold: float) -> Picture:
    mask, _ = _metal(plane, threshold)
    return Picture("Metal", shown_pixels(plane), -1000, 2000, "HU", outline=mask, aspect=pixel_aspect(plane))


def _metal(plane: Scan, threshold: float) -> tuple[NDArray[np.bool_], Mapping[str, float]]:
    """(y, x) where the step finds metal, and its tally."""
    (done,) = trace(Recipe((Line("metal", {"threshold": threshold, "min_voxels": 1}),)), plane)
    mask = np.zeros(plane.data.shape, bool) if done.scan.mask is None else done.scan.mask
    return mask.reshape(plane.data.shape[-2:]), done.tally


def _values(plane: Scan) -> NDArray[np.float32]:
    values: NDArray[np.float32] = plane.data[plane.valid].astype(np.float32)
    return values


def _noticed(off: Scan) -> str:
    """What the findings say of the shifted slice."""
    rules = {finding.name: finding.evidence for finding in all_findings(off)}
    return rules.get("hu_offset", "")


def _numbers(plane: Scan, off: Scan, center: float, width: float, metal: float) -> dict[str, float]:
    values = _values(plane)
    outside = share_outside(values, center - width / 2, center + width / 2)
    _, tally = _metal(plane, metal)
    _, tally_off = _metal(off, metal)
    bones = _bones()
    return {
        "below": outside.low,
        "above": outside.high,
        "metal_voxels": tally["voxels"],
        "metal_regions": tally["regions"],
        "metal_off": tally_off["voxels"],
        "saturated": tally["saturated"],
        "largest": float(values.max()),
        "slicer_high": bones["Slicer"].params["center"] + bones["Slicer"].params["width"] / 2,
        **{f"bone_{source}": _grey(line, BONE) for source, line in bones.items()},
    }


def _grey(line: Line, value: float) -> float:
    """What a voxel of this value becomes."""
    one = Scan(np.full((1, 1), value, np.float32), "YX", unit="HU", modality="CT")
    return float(apply(Recipe((line,)), one).data[0, 0])


def _histogram(plane: Scan, off: Scan, shift: float) -> Chart:
    edges = np.linspace(*SEEN, 129)
    middles = (edges[1:] + edges[:-1]) / 2
    shares = [100 * np.histogram(_values(each), edges)[0] / max(1, _values(each).size) for each in (plane, off)]
    named = zip(("as it is", f"off by {_hu(shift)} HU"), shares, strict=True)
    curves = tuple(Curve(name, middles, np.where(share > 0, share, np.nan)) for name, share in named)
    return Chart("Values", "HU", "% of the voxels", curves, log_y=True)


def _metal_chart(plane: Scan) -> Chart:
    counts = np.array([_metal(plane, threshold)[1]["voxels"] for threshold in THRESHOLDS])
    curve = Curve("voxels", np.array(THRESHOLDS), np.where(counts > 0, counts, np.nan))
    return Chart("Called metal", "threshold (HU)", "voxels of the slice", (curve,), log_y=True)


def _table(plane: Scan, center: float, width: float) -> Table:
    values = _values(plane)
    lines = {"yours": Line("window", {"center": center, "width": width})}
    lines |= {f"bone, {source}": line for source, line in _bones().items()}
    windows = ((name, *_row(line, values)) for name, line in lines.items())
    ranges = ((f"range {r.name.lower()}", r.low, r.high, 100 * r.below, 100 * r.above) for r in hu_ranges(plane))
    head = ("window or range", "from (HU)", "to (HU)", "below (%)", "above (%)")
    return Table("What each cuts off in this slice", head, (*windows, *ranges))


def _row(line: Line, values: NDArray[np.float32]) -> tuple[float, float, float, float]:
    low, high = (line.params["center"] + sign * line.params["width"] / 2 for sign in (-1, 1))
    outside = share_outside(values, low, high)
    return low, high, 100 * outside.low, 100 * outside.high


def _hu(value: float) -> str:
    return signed(value, ".6g")


def _happened(
    n: Mapping[str, float], center: float, width: float, metal: float, shift: float, noticed: str
) -> tuple[str, ...]:
    low, high = center - width / 2, center + width / 2
    return (
        "HU = 1000 · (μ − μ of water) / μ of water, with μ the attenuation: air is −1000 and water 0 in every scanner, "
        f"so a window is the same everywhere. Yours: y = (x − ({_hu(low)})) / {_hu(width)}, cut to 0 … 1. In this "
        f"slice {n['below']:.1%} lie below {_hu(low)} HU and {n['above']:.1%} above {_hu(high)} HU, and are cut off.",
        f"A shift of {_hu(shift)} HU moves what is inside the window by {_hu(shift)} / {_hu(width)} = "
        f"{_hu(round(shift / width, 3))} of the way from black to white: muscle, {_hu(MUSCLE)} HU, becomes "
        f"{n['muscle_off']:.2f} instead of {n['muscle']:.2f}, and {n['white_off']:.1%} of the slice are white instead "
        f"of {n['white']:.1%}. 1024 is the shift where the rescale intercept of a file was forgotten. A "
        "scale of its own for each scan would hide the mistake, and with it what HU are good for. "
        + (f"Inspect notices it: {noticed}" if noticed else "Inspect notices shifts near 1000 and 1024, not this one."),
        f"Bone is not one window: {_hu(BONE)} HU, compact bone, becomes {n['bone_OHIF']:.3g} in the window of OHIF and "
        f"{n['bone_Slicer']:.3g} in that of Slicer, which is white and cut off from {_hu(n['slicer_high'])} HU. Write "
        "the numbers into the recipe, not the name.",
        f"Above {_hu(metal)} HU lie {_voxels(n['metal_voxels'])} in {n['metal_regions']:.0f} connected parts, after "
        f"the shift {_voxels(n['metal_off'])}. The largest value is {_hu(n['largest'])} HU"
        + _ending(n)
        + " A threshold "
        "is no proof: dense bone and contrast agent cross a low one.",
        "What this does not show: HU of the same tissue still differ between tube voltages, kernels and scanners, by "
        "tens of HU in bone and contrast agent. A unit makes scans comparable, not equal.",
    )


def _voxels(count: float) -> str:
    return "1 voxel" if count == 1 else f"{count:.0f} voxels"


def _ending(n: Mapping[str, float]) -> str:
    if not n["saturated"]:
        return "."
    return f", and {_voxels(n['saturated'])} called metal have exactly that: there the scale ends, not the metal."


LESSON = Lesson(
    key="ct-units",
    title="CT has units",
    question="Four programs have a window called bone. Do they show the same, and what if all values are off by 1024?",
    show=show,
    breaks={"shift": 1024.0},
    breaking="The intercept of −1024 was forgotten: in the window for soft tissue the body is white, the air around it "
    "looks like an organ, and a fixed threshold finds other things.",
    samples=("ct_chest", "ct_simulated"),
    takes_own="A CT in Hounsfield units.",
)
