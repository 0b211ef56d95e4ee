"""What a scan is, in words: the line under the menu, and the table of Inspect."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from prep_core.findings.words import percent
from prep_core.inspection import Summary
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import number, plain, span
from prep_ui.work import compute

LONGEST = 200
"""Characters of a value in a table."""

MODALITIES: Mapping[str, str] = {
    "CT": "computed tomography",
    "MR": "magnetic resonance",
    "PT": "positron emission tomography",
    "CR": "computed radiography",
    "DX": "digital radiography",
    "MG": "mammography",
    "XA": "X-ray angiography",
    "US": "ultrasound",
    "OPT": "optical coherence tomography",
    "MIC": "microscopy",
    "MSI": "multispectral imaging",
    "AST": "astronomy",
}
"""What the codes of `prep_core.scan.MODALITIES` stand for; OT, other, is what nobody said."""


def chip_of(state: AppState, scan: Scan) -> None:
    """Draw `chip` for the chosen scan, or how far it is measured."""
    summary = compute.measured(sessions.identity(state), scan)
    if summary:
        chip(summary)


def chip(s: Summary) -> None:
    """Draw one line: modality, shape, unit, range, decades."""
    size = " x ".join(map(str, s.shape))
    decades = f"{s.decades:.1f} decades" if s.decades is not None else "no positive value"
    kind = s.modality if s.modality in MODALITIES else "unknown modality"
    words = f"{kind} · {s.axes} {size} {s.dtype} · {span(s.min, s.max, s.unit)} · {decades}"
    st.markdown(f"**{plain(s.name)}** · {plain(words)}")


def modality(code: str) -> str:
    """A code with what it stands for."""
    return f"{code}, {MODALITIES[code]}" if code in MODALITIES else "not said in the file"


def rows(scan: Scan, s: Summary) -> dict[str, str]:
    """The facts, name to value."""
    spacing = " x ".join(f"{v:.4g}" for v in s.spacing) + " mm" if s.spacing_known else "not said in the file"
    return {
        "Modality": modality(s.modality),
        "Shape": f"{s.axes} {' x '.join(map(str, s.shape))}",
        "Stored as": s.dtype,
        "Voxel size": f"{spacing} ({', '.join(scan.spatial_axes.lower())})" if s.spacing_known else spacing,
        "Unit": s.unit,
        "Range": span(s.min, s.max, s.unit),
        "Mean, std": f"{number(s.mean)}, {number(s.std)} {s.unit}",
        "Decades": "none positive" if s.decades is None else _decades(s.decades, np.iscomplexobj(scan.data)),
        "Zeros": _share(s.zeros),
        "Negatives": _share(s.negatives),
        "Padding": f"{percent(s.invalid)} of all voxels, left out of every number" if s.invalid else "none",
        "Read by": scan.source.reader or "simulated",
    }


def _share(fraction: float) -> str:
    return percent(fraction) if fraction else "none"


def _decades(decades: float, complex_values: bool) -> str:
    if complex_values:
        return f"{decades:.2f} of amplitude, {2 * decades:.2f} of intensity (max over p0.1)"
    return f"{decades:.2f} (max over p0.1 of the positive)"


def table(rows: Mapping[str, str]) -> None:
    """Draw names and values, as text."""
    body = "\n".join(f"| {plain(name)} | {plain(value[:LONGEST]) or '–'} |" for name, value in rows.items())
    st.markdown(f"| | |\n|---|---|\n{body}")
