"""The charts and tables of two results."""

from collections.abc import Mapping

import streamlit as st

from prep_core.quality.pair import PairFigures
from prep_core.quality.two import Agreement
from prep_ui.compare.bars import joint_map, two_histograms
from prep_ui.compare.tables import READING, fixed, grid, own_cells, percent, reading
from prep_ui.saving import config
from prep_ui.tune.widgets import NAMELESS

IF_EQUAL: Mapping[str, str] = {
    "mean difference": "0",
    "RMSE": "0",
    "moved": "0 %",
    "largest difference": "0",
    "equal voxels": "100 %",
    "correlation of both": "1",
    "NMI": "2",
    "PSNR of B": "∞",
    "SSIM of B": "1",
}
"""What each figure is where A and B are the same."""


def charts(found: PairFigures, unit: str, pictures: bool) -> None:
    """How the values of both are spread, and how they go together."""
    said = ", as a picture" if pictures else "" if unit in NAMELESS else f" ({unit})"
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            two_histograms(found.chart, f"value{said}"), key="compare.two.values", config=config("values of A and B")
        )
    with right:
        if found.joint:
            figure = joint_map(found.joint, f"A{said}", f"B{said}")
            st.plotly_chart(figure, key="compare.two.joint", config=config("joint histogram of A and B"))


def tables(found: PairFigures, unit: str) -> None:
    """B against A, and each by itself."""
    if found.agreement:
        rows = _agreement(found.agreement, unit)
        grid(
            ("B against A", "value", "if equal", READING),
            [(name, value, IF_EQUAL[name], reading(name)) for name, value in rows],
            (0, 3),
        )
    grid(("figure", "A", "B", "better", READING), own_cells(found.own, ("A", "B")), (0, 3, 4))
    if any(f.name == "CJV" for f in found.own):
        st.caption(
            "SNR, CNR and CJV are those of the voxels that fall into the same of three classes, dark, middle and "
            "bright, in A and in B (Otsu 1979)."
        )


def _agreement(a: Agreement, unit: str) -> list[tuple[str, str]]:
    return [
        ("mean difference", fixed(a.mean, unit)),
        ("RMSE", fixed(a.rmse, unit)),
        ("moved", percent(a.relative)),
        ("largest difference", fixed(a.largest, unit)),
        ("equal voxels", percent(a.equal)),
        ("correlation of both", fixed(a.correlation, "", 4)),
        ("NMI", fixed(a.nmi, "", 3)),
        ("PSNR of B", fixed(a.psnr, "dB", 1)),
        ("SSIM of B", fixed(a.ssim, "", 3)),
    ]
