"""Named parameters with their source.  A preset is numbers: "bone" alone is four different windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prep_core.scan import Scan

WINDOW = ("center", "width", "function")
"""What a window of a scan says about itself, under the names of the parameters of the step."""


@dataclass(frozen=True)
class Preset:
    """Parameters for one step, under a name that people know, from a program or paper that can be looked up."""

    step: str
    name: str
    source: str
    params: Mapping[str, Any]
    unit: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} ({self.source})"


def _hu(name: str, width: float, center: float, source: str) -> Preset:
    return Preset("window", name, source, {"center": center, "width": width}, "HU")


def _range(name: str, low: float, high: float) -> Preset:
    return Preset("clip", name, "HU range", {"low": low, "high": high}, "HU")


def _percent(step: str, name: str, low: float, high: float, source: str) -> Preset:
    return Preset(step, name, source, {"low": low, "high": high})


PRESETS = (
    _hu("Lung", 1500, -600, "OHIF, fastai"),
    _hu("Lung", 1400, -500, "Slicer"),
    _hu("Lung", 1500, -500, "Weasis"),
    _hu("Soft tissue", 400, 40, "OHIF"),
    _hu("Mediastinum", 350, 50, "fastai"),
    _hu("Mediastinum", 400, 80, "Weasis"),
    _hu("Abdomen", 350, 40, "Slicer"),
    _hu("Abdomen", 320, 50, "Weasis"),
    _hu("Abdomen", 400, 50, "fastai"),
    _hu("Liver", 150, 30, "fastai"),
    _hu("Liver", 150, 90, "OHIF"),
    _hu("Brain", 80, 40, "OHIF"),
    _hu("Brain", 100, 50, "Slicer"),
    _hu("Brain", 110, 35, "Weasis"),
    _hu("Subdural", 254, 100, "fastai"),
    _hu("Stroke", 8, 32, "fastai"),
    _hu("Bone, spine", 1800, 400, "fastai"),
    _hu("Bone", 2500, 480, "OHIF"),
    _hu("Bone", 2000, 350, "Weasis"),
    _hu("Bone", 1000, 400, "Slicer"),
    _range("Full", -1000, 1000),
    _range("Soft tissue", -200, 400),
    _range("Bone", -200, 3000),
    _range("Lung", -1500, 600),
    *(
        _percent(step, name, low, high, source)
        for step in ("percentile_rescale", "percentile_clip")
        for name, low, high, source in (
            ("Full range", 0.0, 100.0, "minimum and maximum"),
            ("Robust", 2.0, 98.0, "FSL"),
            ("Low contrast", 1.0, 99.0, "1 % at each end"),
            ("Medium contrast", 5.0, 95.0, "5 % at each end"),
            ("High contrast", 10.0, 90.0, "10 % at each end"),
            ("CSBDeep", 3.0, 99.8, "Weigert 2018"),
            ("nnU-Net", 0.5, 99.5, "Isensee 2021"),
        )
    ),
)


def presets_for(step: str, scan: Scan, unit: str) -> tuple[Preset, ...]:
    """Presets of `step` for values in `unit`; the scan's own DICOM windows come first, while it still has its unit."""
    own: tuple[Preset, ...] = ()
    if step == "window" and unit == scan.unit:
        own = tuple(
            Preset(step, w["name"], "this scan", {k: w[k] for k in WINDOW if k in w}, unit)
            for w in scan.source.facts.get("windows", ())
        )
    return own + tuple(p for p in PRESETS if p.step == step and p.unit in ("", unit))
