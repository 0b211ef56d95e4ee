"""A recipe to begin with, for one scan: each line with its reason, in numbers of that scan."""

from collections.abc import Iterable

from prep_core.findings import all_findings
from prep_core.inspection import valid_values
from prep_core.running import run_line
from prep_core.scan import Finding, Scan
from prep_core.suggesting.known import Known
from prep_core.suggesting.modalities import KINDS
from prep_core.suggesting.suggestion import Reasoned, Suggestion, reasoned

__all__ = ["Reasoned", "Suggestion", "suggest"]

FIRST = ("grey_in_colour", "hu_offset", "complex_values", "monochrome1", "nodata")
"""Findings whose step must come before any other, in this order."""


def suggest(scan: Scan, findings: Iterable[Finding] | None = None) -> Suggestion:
    """A recipe for `scan`, each line with its reason.

    Values that mean the same in every scan (HU, reflectance, intensity of one instrument) are measured over the
    dataset; values that do not (MR, radiographs) over each scan alone.

    Parameters
    ----------
    findings : iterable of Finding, optional
        What was noticed about the scan before; by default it is looked for.

    Raises
    ------
    ValueError
        For a scan without one valid voxel.
    """
    valid_values(scan)
    noticed = {finding.name: finding for finding in (all_findings(scan) if findings is None else findings)}
    first = tuple(
        reasoned(found.step, f"{found.evidence} {found.advice}", found.params)
        for name in FIRST
        if (found := noticed.get(name)) and found.step
    )
    met = scan
    for each in first:
        met = run_line(each.line, met).scan
    known = Known(scan, met, noticed)
    kind = next(kind for kind in KINDS if kind.fits(known))
    return Suggestion(kind.words, (*first, *kind.lines(known)) if kind.lines else (), _code(scan), scan.unit)


def _code(scan: Scan) -> str:
    return "" if scan.modality == "OT" else scan.modality
