"""Write docs/comparisons.md and its pictures: python -m docs.make_comparisons.

Most of it is measured on the built-in scans and on phantoms.  What needs the real scans of ../shared/data is measured
where they are; elsewhere its text and pictures stay as they were committed.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from docs.comparison_lungs import lungs_built_in, lungs_real
from docs.comparison_pictures import figure, montage, table
from prep_core import Recipe, load
from prep_core.ops.artifacts.metal import metal_report
from prep_core.quality.bias_methods import BiasComparison, BiasRow, compare_bias_methods
from prep_core.quality.clahe import ClaheRow, clahe_engines, clahe_strip
from prep_core.quality.figures import bias_spread
from prep_core.quality.hounsfield import hu_ranges
from prep_core.quality.meanings import MEANINGS
from prep_core.quality.report import before_after
from prep_core.samples import load_sample
from prep_core.samples.brain import brain_phantom
from prep_core.scan import Scan

FILE = Path(__file__).parent / "comparisons.md"
PICTURES = Path(__file__).parent / "comparisons"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

HEAD = """# Methods compared, in figures

Measured by `python -m docs.make_comparisons`, on the built-in scans, on phantoms whose truth is known, and on the real
scans named.  The page Compare of the dashboard shows the same for any scan that is open.
"""

LINEAR = "prep: 1\nsteps:\n- {step: magnitude, power: 2}\n- {step: minmax}\n"
DECIBEL = "prep: 1\nsteps:\n- {step: magnitude, power: 2}\n- {step: decibel}\n- {step: clip, low: -50, high: 0}\n- {step: minmax}\n"

def network(pictures: Path) -> str:
    """What a network sees of OCT, linear and in dB."""
    scan = load_sample("oct_simulated")
    parts = [
        "The simulated OCT, scaled to 0..1 as it is and in dB.  Each row is a band of the raw amplitude.  "
        + MEANINGS["range"].words + "  " + MEANINGS["loss"].words + "  " + MEANINGS["gradient"].words + "\n"
    ]
    for title, text in {"Intensity, minmax": LINEAR, "Decibel, clipped to -50 .. 0 dB, minmax": DECIBEL}.items():
        report = before_after(Recipe.from_yaml(text), scan)
        rows = [
            (f"{b.low:.3g} .. {b.high:.3g}", *(f"{s:.3f}" for s in (b.voxels, b.range, b.variance, b.loss, b.gradient)))
            for b in (report.bands.recipe if report.bands else ())
        ]
        head = ("raw amplitude", "voxels", "range", "variance", "squared error", "gradient")
        parts.append(f"**{title}**\n\n{table(head, rows)}")
        moved = [(m.name, f"{m.relative:.3f}") for m in (*report.drifts, report.hot) if m.relative is not None]
        parts.append(table(("the scan", "moved (RMS change over the standard deviation)"), moved))
    return "\n".join(parts)


def clahe_built_in(pictures: Path) -> str:
    """CLAHE from weak to strong, on two of the built-in scans."""
    planes = {
        "ct_chest": ("Chest CT, slice 22", load_sample("ct_chest").take({"Z": 22})),
        "nuclei": ("Fluorescent nuclei", load_sample("fluorescence_nuclei")),
    }
    reading = "".join(f"- {name}: {MEANINGS[name].words}\n" for name in CLAHE_FIGURES)
    return reading + "\n" + "\n".join(strip(pictures, name, title, plane) for name, (title, plane) in planes.items())


CLAHE_FIGURES = ("contrast", "dynamic range", "entropy", "edges", "PSNR", "SSIM")


def strip(pictures: Path, name: str, title: str, plane: Scan) -> str:
    """One plane: the strip of pictures, and both tables."""
    rows = clahe_strip(plane)
    montage(pictures / f"clahe_{name}.png", [(limit(row), row.picture, 0.0, 1.0) for row in rows], plane)
    body = [
        (limit(r), f"{r.contrast:.2f}", f"{r.dynamic_range:.3f}", f"{r.entropy:.2f}", f"{r.edges:.2f}", *likeness(r))
        for r in rows
    ]
    engines = [
        (f"{e.clip_limit:g}", f"{e.correlation:.4f}", f"{e.mean_difference:.4f}", f"{e.largest_difference:.3f}")
        for e in clahe_engines(plane)
    ]
    return (
        f"**{title}**\n\n![{title}, from weak to strong](comparisons/clahe_{name}.png)\n\n"
        + table(("clip limit", *CLAHE_FIGURES), body)
        + "\nThe engine `fast` against scikit-image, absolute differences, the range being 1:\n\n"
        + table(("clip limit", "correlation", "mean difference", "largest"), engines)
    )


def limit(row: ClaheRow) -> str:
    return "rescaled" if row.clip_limit is None else f"{row.clip_limit:g}"


def likeness(row: ClaheRow) -> tuple[str, str]:
    return "equal" if row.psnr == np.inf else f"{row.psnr:.1f}", "-" if row.ssim is None else f"{row.ssim:.3f}"


def hu(pictures: Path) -> str:
    """What the usual HU ranges take of a chest."""
    scan = load_sample("ct_chest")
    rows = hu_ranges(scan)
    plane = scan.take({"Z": 22})
    montage(pictures / "hu_ranges.png", [(row.name, plane.data[0], row.low, row.high) for row in rows], plane)
    body = [
        (r.name, f"{r.low:g} .. {r.high:g}", f"{r.below:.2%}", f"{r.above:.3%}", f"{r.entropy:.2f}", f"{r.kept:.1%}")
        for r in rows
    ]
    return (
        f"The chest CT, padding left out.  Kept: {MEANINGS['kept'].words}\n\n"
        "![One slice in each range](comparisons/hu_ranges.png)\n\n"
        + table(("range", "HU", "below", "above", "entropy (bit, bins of 10 HU)", "kept"), body)
    )


def metal(pictures: Path) -> str:
    """What lies above each threshold of metal in a chest."""
    scan = load_sample("ct_chest")
    rows = metal_report(scan)
    densest = int(np.argmax(np.count_nonzero(scan.valid & (scan.data > rows[0].threshold), axis=(1, 2))))
    plane = scan.take({"Z": densest})
    shown = [(f"above {r.threshold:g} HU", plane.data[0], -200.0, 3000.0, plane.data[0] > r.threshold) for r in rows]
    montage(pictures / "metal.png", shown, plane)
    body = [
        (f"{r.threshold:g}", f"{r.regions}", f"{r.voxels}", f"{r.share:.4%}", f"{r.severity:.2g}") for r in rows
    ]
    return (
        "The chest CT, padding left out.  It has no implant: what lies here is dense contrast medium in a vein, up to the "
        "end of the scale at 3071 HU.  "
        f"{MEANINGS['regions'].words}  Severity: {MEANINGS['severity'].words}\n\n"
        f"![Slice {densest}, what lies above in red](comparisons/metal.png)\n\n"
        + table(("above (HU)", "regions", "voxels", "share", "severity (HU)"), body)
    )


def bias(pictures: Path) -> str:
    """Bias fields: on a phantom whose field is known, and on a real scan."""
    phantom = brain_phantom()
    known = compare_bias_methods(phantom.scan, phantom.truth, (phantom.white, phantom.grey))
    inside = phantom.white | phantom.grey
    spread = bias_spread(phantom.field[inside])
    body = [
        (r.method, figure(r.spread, 2), figure(r.cjv, 3), figure(r.mse, 0), figure(r.psnr, 1), figure(r.ssim, 3), time_of(r))
        for r in known.rows
    ]
    real = load_sample("mr_brain_bias")
    unknown = compare_bias_methods(real)
    return (
        f"**A simulated head whose field is known** (98th over 2nd percentile in the brain: {spread:.2f}).  CJV of white "
        f"and grey matter; MSE (of values up to {phantom.truth.max():.0f}), PSNR and SSIM against the head without a field.\n\n"
        + bias_pictures(pictures, "phantom", phantom.scan, known)
        + table(("method", "field spread", "CJV", "MSE", "PSNR", "SSIM", "time"), body)
        + "\n**A real head, T1 with contrast medium.**  Nobody knows its field: CJV is that of dark and bright tissue on "
        "which Otsu's threshold of all results agrees.\n\n"
        + bias_pictures(pictures, "mr", real, unknown)
        + table(
            ("method", "field spread", "CJV of two classes", "time"),
            [(r.method, figure(r.spread, 2), figure(r.cjv, 3), time_of(r)) for r in unknown.rows],
        )
    )


def time_of(row: BiasRow) -> str:
    """Wall time on the machine that wrote this page; no test compares it."""
    return "-" if row.seconds is None or row.line is None else f"{row.seconds:.1f} s"


def bias_pictures(pictures: Path, name: str, scan: Scan, found: BiasComparison) -> str:
    """The middle slice of each result, and the field that each method took away."""
    plane = scan.take({"Z": scan.size("Z") // 2})
    middle = scan.size("Z") // 2
    white = float(np.percentile(scan.data, 99.5))
    results = [(r.method, r.result[middle], 0.0, white) for r in found.rows if r.result is not None]
    fields = [(r.method, np.nan_to_num(r.picture[middle]), 0.5, 1.6) for r in found.rows if r.picture is not None]
    montage(pictures / f"bias_{name}.png", results, plane)
    montage(pictures / f"bias_{name}_fields.png", fields[1:], plane)
    return (
        f"![The middle slice by each method](comparisons/bias_{name}.png)\n\n"
        f"![The field that each took away, black 0.5 to white 1.6](comparisons/bias_{name}_fields.png)\n\n"
    )


def clahe_real(pictures: Path) -> str:
    """CLAHE on a chest radiograph."""
    (scan,) = load(SHARED / "xray" / "chest_cr_mono1_j2k.dcm")
    return strip(pictures, "radiograph", "Chest radiograph (computed radiography, 1955 x 1841)", scan)


BUILT_IN: Mapping[str, tuple[str, Callable[[Path], str]]] = {
    "network": ("What a network sees: linear or dB", network),
    "clahe": ("CLAHE, from weak to strong", clahe_built_in),
    "hu": ("Ranges of Hounsfield units", hu),
    "metal": ("Thresholds of metal", metal),
    "bias": ("Bias fields", bias),
    "lungs": ("Lung fields", lungs_built_in),
}
"""Sections by name: title, and what measures them from what the project holds, drawing pictures into a folder."""

REAL: Mapping[str, tuple[str, Callable[[Path], str]]] = {
    "clahe-real": ("CLAHE on a radiograph", clahe_real),
    "lungs-real": ("Lung fields of a radiograph", lambda pictures: lungs_real(pictures, SHARED)),
}
"""The same, for what is measured on the scans of ../shared/data."""


def section(name: str, text: str) -> str:
    """The section `name` of a page."""
    found = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->\n", text, re.DOTALL)
    if found is None:
        raise SystemExit(f"there is no section {name} in {FILE}, and no {SHARED} to measure it on")
    return found.group(1)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, (title, measure) in {**BUILT_IN, **REAL}.items():
        known = name in BUILT_IN or SHARED.is_dir()
        body = measure(PICTURES) if known else section(name, FILE.read_text("utf-8"))
        parts.append(f"## {title}\n\n<!-- {name}: begin -->\n{body}<!-- {name}: end -->\n")
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
