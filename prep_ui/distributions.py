"""The three histograms of the same voxels, and the depth profile of OCT."""

from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.inspection import (
    Histogram,
    Summary,
    decibel_histogram,
    depth_profile,
    linear_histogram,
    raw_histogram,
    valid_values,
)
from prep_core.scan import Scan
from prep_ui import figures
from prep_ui.saving import config
from prep_ui.text import count, plain


def log_toggle() -> bool:
    """Draw the choice of logarithmic counts, and return it."""
    return st.toggle(
        "Log counts", key="inspect.log", persist_state="session", help="Count voxels on a logarithmic axis."
    )


def three(identity: str, scan: Scan, summary: Summary, log_counts: bool) -> None:
    """Raw values, linear [0, 1], and dB relative to the 99.9th percentile, side by side."""
    quantity: Literal["power", "amplitude"] = "amplitude" if np.iscomplexobj(scan.data) else "power"
    reference = summary.percentiles["99.9"]
    raw, level = _counted(identity, scan, reference, quantity)
    linear = linear_histogram(raw, summary.min, summary.max)
    marks = {f"p{p}": v for p, v in summary.percentiles.items() if p in ("0.1", "50", "99.9")}
    span = (summary.max - summary.min) or 1.0
    decade = 10 if quantity == "power" else 20
    in_db = {name: decade * np.log10(v / reference) for name, v in marks.items() if v > 0 and reference > 0}
    titles = {
        "Raw values": (raw, marks),
        "Linear, 0 to 1": (linear, {name: (v - summary.min) / span for name, v in marks.items()}),
        "Relative to p99.9": (level, in_db),
    }
    for column, (title, (counted, places)) in zip(st.columns(3), titles.items(), strict=True):
        with column:
            inside = [(n, v) for n, v in places.items() if counted.edges[0] <= v <= counted.edges[-1]]
            figure = figures.histogram(title, counted, inside, log_counts)
            st.plotly_chart(figure, key=f"inspect.histogram.{title}", config=config(title))
    if level.left_out:
        st.caption(
            plain(f"Zero or negative voxels: {count(level.left_out)}. They have no dB and are left out on the right.")
        )


def depth(scan: Scan) -> None:
    """For OCT: the mean over each depth, linear and in dB."""
    if scan.modality != "OPT":
        return
    values = depth_profile(scan)
    largest = float(np.nanmax(values))
    if largest <= 0:
        return
    place = np.arange(values.size, dtype=np.float64) * scan.spacing[-2]
    title = "depth (mm)" if scan.spacing_known else "depth (px)"
    level: NDArray[np.float64] = 10 * np.log10(np.maximum(values / largest, 1e-12))
    linear = figures.profile(place, values / largest, title, "mean, linear")
    st.plotly_chart(linear, key="inspect.depth", config=config("depth, linear"))
    in_db = figures.profile(place, level, title, "mean (dB)")
    st.plotly_chart(in_db, key="inspect.depth.db", config=config("depth, dB"))


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def _counted(
    identity: str, _scan: Scan, reference: float, quantity: Literal["power", "amplitude"]
) -> tuple[Histogram, Histogram]:
    values = valid_values(_scan)
    return raw_histogram(values, _scan.unit), decibel_histogram(values, reference, quantity)
