"""What the recipe at hand does to the scan at hand, in figures."""

import streamlit as st

from prep_core.quality.channels import Pair
from prep_core.quality.disturbed import Moved
from prep_core.quality.meanings import MEANINGS
from prep_core.quality.network import Seen
from prep_core.quality.report import BeforeAfter, before_after
from prep_core.quality.rows import Compared
from prep_core.scan import Scan
from prep_ui.compare.bars import KINDS, UNDER, band_bars, band_name
from prep_ui.compare.tables import NONE, READING, beside, fixed, grid, listed, own_cells, percent, ratio, reading
from prep_ui.saving import config
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work import running

MOST_PAIRS = 12

AT_ONCE = 1 << 20
"""Voxels of a scan whose figures are computed without being asked for."""


def section(state: AppState, scan: Scan) -> None:
    """The figures of the switched-on lines: of a large scan once they are asked for."""
    recipe = sessions.recipe(state)
    if not recipe.lines:
        st.info("The recipe has no line yet. Add one on the Tune page, and see here what it does to this scan.")
        return
    steps = " → ".join(line.step for line in recipe.lines)
    st.markdown(f"**{plain(recipe.name)}**: {plain(steps)}")
    key = f"{sessions.identity(state)} {recipe.digest}"
    if scan.data.size > AT_ONCE and not running.is_asked("figures of a recipe", key):
        st.caption(
            "Runs the recipe on the whole scan, and again with another gain, another offset, and a few hot pixels. "
            "Lines that wait for a training set are measured on this scan."
        )
        st.button(
            "Compute the figures",
            key="compare.recipe",
            type="primary",
            on_click=running.ask,
            args=("figures of a recipe", key),
            help="Takes several runs of the recipe on the whole scan; the page stays usable meanwhile.",
        )
        return
    found: BeforeAfter | None = running.answer(
        "figures of a recipe", key, lambda tell: before_after(recipe, scan, running.by_share(tell))
    )
    if found:
        _report(found)


def _report(report: BeforeAfter) -> None:
    _bands(report)
    st.subheader("How far the result moves when the scan changes")
    _moved(report)
    st.subheader("After against before")
    _against(report.against)
    st.subheader("Before and after")
    grid(("figure", "before", "after", "better", READING), own_cells(report.figures, ("before", "after")), (0, 3, 4))
    if report.channels:
        st.subheader("How the channels vary together")
        _pairs(report.channels)


def _pairs(pairs: tuple[Pair, ...]) -> None:
    """Those that changed most, if there are many."""
    shown = sorted(pairs, key=lambda p: -abs((p.after or 0) - (p.before or 0)))[:MOST_PAIRS]
    rows = [(f"{p.one}, {p.other}", *(fixed(r, "", 3) for r in (p.before, p.after))) for p in pairs if p in shown]
    grid(("correlation", "before", "after"), rows)
    more = f" The {MOST_PAIRS} of {len(pairs)} pairs that changed most." if len(pairs) > MOST_PAIRS else ""
    st.caption(plain(f"{reading('correlation')}{more}"))


def _against(against: Compared | None) -> None:
    if against is None:
        st.caption("The recipe moves voxels, so the result has no voxel of the scan to be compared with.")
        return
    inside = against.clipped_inside or (None, None)
    rows = [
        ("clipped low", percent(against.clipped.low)),
        ("clipped high", percent(against.clipped.high)),
        ("clipped low inside the mask", percent(inside[0])),
        ("clipped high inside the mask", percent(inside[1])),
        ("contrast", ratio(against.contrast)),
        ("edges", ratio(against.edges)),
        ("noise", ratio(against.noise)),
        ("PSNR", fixed(against.psnr, "dB", 1)),
        ("SSIM", fixed(against.ssim, "", 3)),
    ]
    shown = [row for row in rows if against.clipped_inside or "mask" not in row[0]]
    grid(("figure", "value", READING), [(*row, reading(row[0])) for row in shown], (0, 2))


def _moved(report: BeforeAfter) -> None:
    rows = [_moved_row(moved, report.unit_after) for moved in (*report.drifts, report.hot)]
    grid(("the scan", "moved", "mean change", "largest change"), rows)
    for moved in (*report.drifts, report.hot):
        if moved.complaint:
            st.caption(f"{plain(moved.name)}: {plain(moved.complaint)}")
    st.caption(plain(f"Moved: {MEANINGS['moved'].words}"))


def _moved_row(moved: Moved, unit: str) -> tuple[str, str, str, str]:
    if moved.mean is None:
        return moved.name, "no answer", NONE, NONE
    spread = moved.rms / moved.relative if moved.rms and moved.relative else None
    return moved.name, percent(moved.relative), fixed(beside(moved.mean, spread), unit), fixed(moved.largest, unit)


def _bands(report: BeforeAfter) -> None:
    st.subheader("What a network sees of each band of raw values")
    if report.bands is None:
        st.caption("There is nothing to share: the result has no spread, or no voxel of the scan to be compared with.")
        return
    st.plotly_chart(band_bars(report.bands, report.unit), key="compare.bands", config=config("bands"))
    st.caption(plain(_loudest(report.bands, report.unit)))
    with st.expander("The shares as numbers, and how they are computed"):
        listed(KINDS)
        for tab, under in zip(st.tabs([plain(label) for label in UNDER.values()]), UNDER, strict=True):
            bands = getattr(report.bands, under)
            rows = [(band_name(b), *(percent(getattr(b, kind)) for kind in KINDS)) for b in bands]
            with tab:
                grid((f"raw, {report.unit}", *KINDS.values()), rows)


def _loudest(seen: Seen, unit: str) -> str:
    """Which band a network hears most after the recipe, and what it was before."""
    i = max(range(len(seen.recipe)), key=lambda i: seen.recipe[i].loss)
    band, raw, linear = seen.recipe[i], seen.raw[i], seen.linear[i]
    return (
        f"After the recipe the band {band_name(band)} {unit} makes {percent(band.loss)} of the squared error; raw "
        f"it makes {percent(raw.loss)}, scaled to 0 … 1 {percent(linear.loss)}. It holds "
        f"{percent(band.voxels)} of the voxels, and {percent(band.range)} of the range "
        f"instead of {percent(raw.range)}."
    )
