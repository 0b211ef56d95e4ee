"""The kinds of scans that there are suggestions for.  `KINDS` is the one table: the first that fits is taken."""

from collections.abc import Callable
from dataclasses import dataclass

from prep_core.suggesting import light, rays, scales, sky
from prep_core.suggesting.known import Known
from prep_core.suggesting.suggestion import Reasoned

RADIOGRAPHS = ("CR", "DX", "MG", "XA")


@dataclass(frozen=True)
class Kind:
    """Scans that want the same lines.

    Attributes
    ----------
    words : what such a scan is taken for, as a sentence
    lines : gives the lines below those that must come first; None where no line helps
    """

    words: str
    fits: Callable[[Known], bool]
    lines: Callable[[Known], tuple[Reasoned, ...]] | None


def _is_in_hu(known: Known) -> bool:
    shifted = "hu_offset" in known.findings
    return (known.scan.unit == "HU" or shifted) and not {"hu_implausible", "windowed"} & known.findings.keys()


KINDS = (
    Kind(
        "Taken as labels, a mask, or a picture without contrast: no step of intensity helps it.",
        lambda k: bool({"few_levels", "constant"} & k.findings.keys()),
        None,
    ),
    Kind("Taken as CT in Hounsfield units: values mean the same in every scan.", _is_in_hu, rays.tissue_window),
    Kind(
        "Taken as a picture of the sky: objects from faint to bright on a ground of noise.",
        lambda k: "bright_tail" in k.findings,
        sky.stretched,
    ),
    Kind(
        "Taken as a picture of the sky without a bright tail: a linear scale shows all of it.",
        lambda k: k.scan.modality == "AST",
        sky.even,
    ),
    Kind(
        "Taken as intensities over many decades: only a logarithm shows them.",
        lambda k: "wide_range" in k.findings,
        light.decibels,
    ),
    Kind(
        "Taken as MR: the scale differs between scanners, so each scan is measured alone.",
        lambda k: k.scan.modality == "MR",
        scales.resonance,
    ),
    Kind(
        "Taken as a radiograph: exposure differs between pictures, so each is measured alone.",
        lambda k: k.scan.modality in RADIOGRAPHS,
        rays.radiograph,
    ),
    Kind(
        "Taken as 8-bit grey or colour, which the instrument scaled already.",
        lambda k: k.scan.data.dtype == "uint8" and (k.scan.modality == "US" or k.seen.is_colour),
        scales.eight_bits,
    ),
    Kind(
        "Taken as bands of one scene: each has its own range, and means the same in every scene.",
        lambda k: k.scan.modality == "MSI" or (k.met.size("C") > 1 and not k.seen.is_colour),
        scales.bands,
    ),
    Kind(
        "Taken as a micrograph on a bright ground, as phase contrast or bright field gives it.",
        lambda k: k.scan.modality == "MIC" and light.ground(k) > light.BRIGHT,
        light.bright_ground,
    ),
    Kind(
        "Taken as fluorescence: bright objects on a dark ground.",
        lambda k: k.scan.modality == "MIC",
        light.fluorescence,
    ),
    Kind(
        "Taken as values of an unknown kind; with its modality said, the suggestion would be closer.",
        lambda k: True,
        scales.unknown,
    ),
)
"""Those that a finding or a unit tells before those that the modality tells."""
