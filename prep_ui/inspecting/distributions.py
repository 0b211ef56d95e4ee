"""The histograms of the same voxels, and the depth profile of OCT."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.findings.words import percent
from prep_core.inspection import Summary, depth_profile, valid_values
from prep_core.scan import Scan
from prep_ui import figures
from prep_ui.histograms import Chart, histograms
from prep_ui.inspecting.histogram_charts import (
    NO_DECIBELS,
    by_formula,
    decibel_axis,
    decibels,
    linear_axis,
    noise_floor,
    raw_axis,
)
from prep_ui.safety.file_names import file_name
from prep_ui.saving import config
from prep_ui.text import plain
from prep_ui.work import running
from prep_ui.work.job import Stage, Tell

HEIGHT, STACKED = 132, 134
"""CSS pixels of a histogram side by side with the others, and of one above the others."""


def three(identity: str, scan: Scan, summary: Summary, stacked: bool = False) -> None:
    """Raw values, linear [0, 1], and dB relative to the 99.9th percentile: the same voxels."""
    charts: list[Chart] | None = running.answer("histograms", identity, partial(_charts, scan, summary))
    if charts is None:
        return
    name = file_name(f"{scan.name} histograms")
    histograms(charts, key="inspect.histograms", name=name, height=STACKED if stacked else HEIGHT, stacked=stacked)
    st.caption(plain(about_decibels(scan.unit, charts[-1] if len(charts) > 2 else None, charts[0])))


def about_decibels(unit: str, level: Chart | None, raw: Chart) -> str:
    """What the dB histogram leaves out, in one line, and where it says little."""
    if level is None:
        return "No voxel is positive, so that none has a dB."
    left_out = level.counted.left_out
    share = percent(left_out / int(raw.counted.counts.sum()))
    told = f"{share} of the voxels are not above 0 and have no dB" if left_out else "Every voxel has a dB"
    return f"{told}; of {unit} it says little." if unit in NO_DECIBELS else f"{told}."


def has_depth(scan: Scan) -> bool:
    """Whether a profile over depth says something: in OCT, the rows are depth."""
    return scan.modality == "OPT"


def depth(scan: Scan) -> None:
    """For OCT: the mean over each depth, linear and in dB."""
    if not has_depth(scan):
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


def _charts(scan: Scan, summary: Summary, tell: Tell) -> list[Chart]:
    tell(Stage("counting voxels"))
    values = valid_values(scan)
    raw = raw_axis(values, scan.unit, "raw", noise_floor(scan, summary))
    scale = decibels(scan, summary, anyway=True)
    level = decibel_axis(values, scale, raw.chart.marks) if scale else None
    linear = linear_axis(raw.chart, summary.min, summary.max)
    return by_formula([raw, linear, level] if level else [raw, linear])
