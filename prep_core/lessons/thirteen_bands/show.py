"""Lesson: thirteen bands.  Scaling each by itself, what it does to NDVI, and ImageNet's numbers on satellite data."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.thirteen_bands.measured import Index, Photograph, correlation_matrix, index_compared, photograph
from prep_core.lessons.thirteen_bands.own import bands_plane, colour_channels
from prep_core.lessons.thirteen_bands.scene import simulated_scene
from prep_core.lessons.thirteen_bands.told import happened
from prep_core.line import Line
from prep_core.param import P
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

BINS = np.linspace(-1, 1, 41)

Scaling = Literal["each band", "z-score", "one range"]


def show(
    scan: Scan | None,
    *,
    scaling: Annotated[
        Scaling,
        P(
            "each band maps its own two percentiles to 0 and 1; z-score brings each band to mean 0 and standard "
            "deviation 1; one range maps two percentiles of all bands together."
        ),
    ] = "each band",
    cut: Annotated[float, P("Cut off at each end, in percent of the pixels.", (0, 20), "%", soft=(0, 10))] = 2.0,
    cloudy: Annotated[float, P("Pixels under cloud in the simulated scene.", (0, 30), "%", soft=(0, 10))] = 2.0,
) -> Shown:
    """Statistics, correlations and NDVI before and after scaling, and three bands by ImageNet's numbers."""
    bands = simulated_scene(cloudy / 100) if scan is None else bands_plane(scan)
    recipe = scaled_by(scaling, cut)
    scaled = apply(recipe, bands)
    index = index_compared(bands, recipe)
    before, after = correlation_matrix(bands), correlation_matrix(scaled)
    uncut = correlation_matrix(apply(scaled_by(scaling, 0.0), bands))
    photo = photograph(bands)
    numbers = {
        "correlation_change": float(np.nanmax(np.abs(after - before))),
        "correlation_change_uncut": float(np.nanmax(np.abs(uncut - before))),
        **index.numbers,
        **photo.numbers,
    }
    return Shown(
        happened(numbers, bands, scaling, cut, photo),
        numbers,
        (_scenes_row(bands, scaled, scaling, index), _correlations_row(before, after)),
        (_index_chart(index), _photograph_chart(photo)),
        (_bands_table(bands, scaled),),
        recipe,
    )


def scaled_by(scaling: Scaling, cut: float) -> Recipe:
    """The recipe that scales; `cut` is in percent."""
    ends = {"low": cut, "high": 100 - cut}
    ranges = Line("percentile_rescale", ends, per="channel" if scaling == "each band" else "all")
    scores = Line("percentile_clip", ends, per="channel"), Line("zscore", per="channel")
    return Recipe(scores if scaling == "z-score" else (ranges,), name=scaling, modality="MSI")


def _scenes_row(bands: Scan, scaled: Scan, scaling: Scaling, index: Index) -> tuple[Picture, ...]:
    bright = float(np.percentile(bands.data[colour_channels(bands)], 98))
    ends = (-2.0, 2.0) if scaling == "z-score" else (0.0, 1.0)
    return (
        Picture("RGB, before", _coloured(bands, 0, bright), 0, 255),
        Picture("RGB, after", _coloured(scaled, *ends), 0, 255),
        Picture("NDVI, before", index.before, -1, 1, colours="signed"),
        Picture("NDVI, after", index.after, -1, 1, colours="signed"),
    )


def _coloured(bands: Scan, low: float, high: float) -> NDArray[np.uint8]:
    values = bands.data[colour_channels(bands)].astype(np.float64)
    pixels: NDArray[np.uint8] = np.rint(255 * np.clip((values - low) / (high - low), 0, 1)).astype(np.uint8)
    return pixels


def _correlations_row(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[Picture, ...]:
    return (
        Picture("correlation, before", before, -1, 1, colours="signed"),
        Picture("correlation, after", after, -1, 1, colours="signed"),
        Picture("its change", after - before, -0.5, 0.5, colours="signed"),
    )


def _index_chart(index: Index) -> Chart:
    middle = (BINS[:-1] + BINS[1:]) / 2
    curves = []
    for name, values in (("of reflectance", index.before), ("after scaling", index.after)):
        known = values[np.isfinite(values)]
        counts, _ = np.histogram(np.clip(known, -1, 1), BINS)
        curves.append(Curve(name, middle, 100 * counts / known.size))
    return Chart("NDVI of all pixels", "NDVI", "pixels (%)", tuple(curves))


def _photograph_chart(photo: Photograph) -> Chart:
    names = tuple(photo.channels)
    curves = (Curve("mean (wanted: 0)", names, photo.means), Curve("std (wanted: 1)", names, photo.stds))
    return Chart("By ImageNet's numbers", "", "result", curves)


def _bands_table(bands: Scan, scaled: Scan) -> Table:
    rows: list[tuple[str | float, ...]] = []
    for i, name in enumerate(bands.channels):
        sides = (scan.data[i][scan.valid[i]].astype(np.float64) for scan in (bands, scaled))
        rows.append((name, *(float(figure) for side in sides for figure in (side.mean(), side.std()))))
    head = ("band", "mean before", "std before", "mean after", "std after")
    return Table("Each band, before and after", head, tuple(rows))


LESSON = Lesson(
    key="thirteen-bands",
    title="Thirteen bands",
    question="A network wants all bands on one scale. What happens to what the bands say together?",
    show=show,
    breaks={"scaling": "z-score", "cut": 0.0, "cloudy": 10.0},
    breaking="After a z-score of each band the sum of red and near infrared passes through 0, and NDVI leaves the "
    "range from −1 to 1: no plant can be told from a stone any more.",
    simulates=("cloudy",),
    samples=("satellite_sentinel2",),
    takes_own="A scan of at most 16 channels that are called red, green, blue and nir, or B02, B03, B04 and B08.",
)
