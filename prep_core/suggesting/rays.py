"""Lines for CT and radiographs."""

from prep_core.findings.words import percent
from prep_core.line import Line
from prep_core.presets import PRESETS, Preset, presets_for
from prep_core.suggesting.known import Known, first
from prep_core.suggesting.suggestion import Reasoned, reasoned

LUNG = (-950.0, -600.0)
"""HU of aerated lung; the air around the body lies below."""

MUCH_LUNG = 0.05
"""The share of voxels from which a CT is taken for one of the lungs."""

HEAD = ("HEAD", "BRAIN", "SKULL")
"""How DICOM names the parts of the body with a brain (PS3.16 Annex L)."""


def tissue_window(known: Known) -> tuple[Reasoned, ...]:
    """The window of the header, or the one that fits what most of the scan is."""
    preset, why = _chosen(known)
    center, width = preset.params["center"], preset.params["width"]
    low, high = center - width / 2, center + width / 2
    lost = percent(1 - known.share(low, high))
    reason = (
        f"{why} {preset.label} keeps {low:g} to {high:g} HU; {lost} of the voxels lie outside "
        "and become black or white."
    )
    return (reasoned("window", reason, preset.params),)


def radiograph(known: Known) -> tuple[Reasoned, ...]:
    """Two percentiles of the picture become black and white."""
    line = Line("percentile_rescale", {"low": 0.5, "high": 99.5}, inside=known.inside)
    low, high = (known.worded(first(value)) for value in known.measured(line).numbers.values())
    reason = (
        f"99 % of the values lie from {low} to {high}, and exposure and detector move them from picture to picture; "
        f"the few beyond, to {known.worded(known.seen.high)}, are clipped so that they do not set the scale."
    )
    return (Reasoned(line, reason),)


def _chosen(known: Known) -> tuple[Preset, str]:
    """A window, and why it is this one."""
    offered = presets_for("window", known.scan, "HU")
    if offered[0].source == "this scan":
        return offered[0], "The header of the scan asks for this window."
    part = str(known.scan.source.facts.get("body_part", "")).upper()
    if part.startswith(HEAD):
        return _named("Brain"), f"The header names the part of the body: {part}."
    share = known.share(*LUNG)
    words = f"{percent(share)} of the voxels have {LUNG[0]:g} to {LUNG[1]:g} HU, as aerated lung has"
    if share >= MUCH_LUNG:
        return _named("Lung"), f"{words}, so this is taken for a chest."
    return _named("Soft tissue"), f"Only {words}, so soft tissue is taken for what matters."


def _named(name: str) -> Preset:
    return next(preset for preset in PRESETS if preset.step == "window" and preset.name == name)
