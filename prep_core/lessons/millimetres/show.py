"""Lesson: millimetres.  A ball whose place is known, resampled in five ways; labels by three interpolations."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.millimetres.popular_resampling import WAYS, recipe
from prep_core.lessons.millimetres.resampled_labels import INTERPOLATIONS, LABELS, Labelled, resampled
from prep_core.lessons.millimetres.tilted_volume import Volume, centroid, own, simulated
from prep_core.lessons.millimetres.told import happened
from prep_core.param import P
from prep_core.scan import Scan

SIDE = 128
"""Pixels of a picture, whatever grid it is drawn from."""

PLACES = (0.2, 0.35, 0.5, 0.65, 0.8)
LEAST = 0.01
"""Share of the ball that must be left for it to have a place."""

FEWEST, MOST = 4, 256
"""Voxels along an axis of the result."""

DRAWN: Mapping[str, str] = {"step": "resample", "zoom": "zoom", "bare": "SetSize"}
"""Ways that are drawn, with a name that stands above a small picture."""

Ways = Mapping[str, tuple[float, float]]
"""By way of resampling: how far the ball is off in mm, NaN where it is gone, and the share of it that is left."""


def show(
    scan: Scan | None,
    *,
    spacing: Annotated[float, P("New voxel size along all three axes.", (1, 8), "mm", soft=(1, 4))] = 1.0,
    thickness: Annotated[float, P("Distance from slice to slice.", (1, 8), "mm", soft=(1, 8))] = 5.0,
    tilt: Annotated[float, P("By how much the slices are tilted.", (0, 45), "degrees", soft=(0, 45))] = 20.0,
    place: Annotated[
        float, P("Where the ball lies: 0 is the first slice, 1 the last.", (0.2, 0.8), soft=(0.2, 0.8))
    ] = 0.7,
) -> Shown:
    """A ball's centroid before and after each way to resample, and which labels each interpolation makes up.

    Raises
    ------
    ValueError
        As `own`; and for a `spacing` that leaves a scan less than 4 voxels along an axis, or more than 256.
    """

    def volume(at: float) -> Volume:
        return simulated(thickness, tilt, at) if scan is None else own(scan, at)

    shown = volume(place)
    _refuse_spacing(shown.scan, spacing)
    ways = {name: _missed(shown, way(shown.ball, spacing)) for name, (_, way) in WAYS.items()}
    labels = resampled(shown.labels, spacing)
    numbers = _numbers(shown, spacing, ways, labels)
    return Shown(
        happened(numbers, shown, spacing, place, labels),
        numbers,
        (_scans_row(shown, spacing), _labels_row(shown, labels)),
        (_places_chart([volume(at) for at in PLACES], spacing), _labels_chart(labels)),
        (_ways_table(ways),),
        recipe(spacing),
    )


def _refuse_spacing(scan: Scan, spacing: float) -> None:
    sizes = [max(1, round(n * s / spacing)) for n, s in zip(scan.data.shape, scan.spacing, strict=True)]
    if min(sizes) < FEWEST or max(sizes) > MOST:
        shape = " x ".join(map(str, sizes))
        raise ValueError(
            f"scan {scan.name}: voxels of {spacing:g} mm make {shape} of its middle, and this lesson shows {FEWEST} to "
            f"{MOST} along an axis; choose another spacing, or open another scan"
        )


def _missed(volume: Volume, result: Scan) -> tuple[float, float]:
    left = _mass(result) / _mass(volume.ball)
    off = float(np.linalg.norm(centroid(result) - volume.centre)) if left >= LEAST else float("nan")
    return off, left


def _mass(scan: Scan) -> float:
    return float(scan.data.sum(dtype=np.float64) * np.prod(scan.spacing))


def _numbers(volume: Volume, spacing: float, ways: Ways, labels: Mapping[str, Labelled]) -> dict[str, float]:
    numbers = {f"off_{name}": off for name, (off, left) in ways.items() if left >= LEAST}
    numbers |= {f"left_{name}": left for name, (_, left) in ways.items()}
    had = np.array(volume.scan.spacing)
    count = np.array(volume.scan.data.shape)
    # As zoom and its header have it: the size is rounded, so the voxel size is nearly the one asked for.
    new = had * count / np.array([max(1, round(n)) for n in count * had / spacing])
    along = volume.at / (count - 1) * (had - new)
    numbers |= {"predicted": float(np.linalg.norm(along)), "predicted_z": float(along[0]), "new_z": float(new[0])}
    for name, found in labels.items():
        numbers |= {f"no_label_{name}": found.no_label, f"ghosts_{name}": found.ghosts}
    return numbers


def _scans_row(volume: Volume, spacing: float) -> tuple[Picture, ...]:
    values = volume.scan.data
    low, high = (float(f"{end:.3g}") for end in (values.min(), np.percentile(values, 99.8)))
    drawn = {"as it is": volume.scan} | {words: WAYS[name][1](volume.scan, spacing) for name, words in DRAWN.items()}
    place = _plane(volume, _middle(volume), _half(volume))
    ring = np.linalg.norm(place - volume.centre[:, None, None], axis=0) <= 2 * volume.sigma
    return tuple(Picture(title, _cut(scan, place), low, high, outline=ring) for title, scan in drawn.items())


def _labels_row(volume: Volume, labels: Mapping[str, Labelled]) -> tuple[Picture, ...]:
    scans = {f"labels {' '.join(map(str, LABELS))}": volume.labels}
    scans |= {INTERPOLATIONS[name]: found.scan for name, found in labels.items()}
    place = _plane(volume, volume.centre, 4.5 * volume.sigma)
    return tuple(Picture(title, _cut(scan, place), 0, max(LABELS)) for title, scan in scans.items())


def _cut(scan: Scan, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value of `scan` nearest to each place, LPS mm; NaN where it has none."""
    linear = np.linalg.inv(scan.affine[:3, :3])
    at = np.rint(np.tensordot(linear, place - scan.affine[:3, 3][:, None, None], 1)).astype(int)
    sizes = np.array(scan.data.shape)[:, None, None]
    inside = np.all((at >= 0) & (at < sizes), axis=0)
    values = scan.data[tuple(np.clip(at, 0, sizes - 1))]
    return np.where(inside, values, np.nan)


def _plane(volume: Volume, middle: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """(3, rows, columns): the sagittal plane through the ball, head up, `half` mm to each side of `middle`."""
    steps = np.linspace(-half, half, SIDE)
    rows, columns = np.meshgrid(-steps, steps, indexing="ij")
    return np.stack([np.full_like(rows, volume.centre[0]), middle[1] + columns, middle[2] + rows])


def _middle(volume: Volume) -> NDArray[np.float64]:
    affine = volume.scan.affine
    middle: NDArray[np.float64] = affine[:3, :3] @ ((np.array(volume.scan.data.shape) - 1) / 2) + affine[:3, 3]
    return middle


def _half(volume: Volume) -> float:
    """Half of the longest side and a little more, so that a tilted volume stays in the picture."""
    return 0.6 * max(float(n) * s for n, s in zip(volume.scan.data.shape, volume.scan.spacing, strict=True))


def _places_chart(volumes: list[Volume], spacing: float) -> Chart:
    curves = []
    for name in ("step", "zoom"):
        title, way = WAYS[name]
        off = np.array([_missed(volume, way(volume.ball, spacing))[0] for volume in volumes])
        curves.append(Curve(title, np.array(PLACES), off))
    return Chart("How far the ball is off", "place (0 first slice, 1 last)", "off by (mm)", tuple(curves))


def _labels_chart(labels: Mapping[str, Labelled]) -> Chart:
    names = tuple(INTERPOLATIONS[name] for name in labels)
    no_label = np.array([100 * found.no_label for found in labels.values()])
    ghosts = np.array([100 * found.ghosts for found in labels.values()])
    curves = (Curve("no label", names, no_label), Curve("rounded to a wrong one", names, ghosts))
    return Chart("Labels that were made up", "", "of all voxels (%)", curves)


def _ways_table(ways: Ways) -> Table:
    rows = tuple(
        (WAYS[name][0], "gone" if np.isnan(off) else round(off, 3), round(100 * left, 1))
        for name, (off, left) in ways.items()
    )
    return Table("Where the ball is afterwards", ("resampled by", "off by (mm)", "of the ball (%)"), rows)


LESSON = Lesson(
    key="millimetres",
    title="Millimetres",
    question="A ball lies at a known place in the patient. Where is it after the voxels were made equal on all sides?",
    show=show,
    breaks={"thickness": 8.0, "tilt": 40.0, "place": 0.8},
    breaking="With thick, tilted slices ndimage.zoom puts the ball several millimetres away, and SetSize and "
    "SetSpacing alone show another part of the patient, without most of the ball.",
    simulates=("thickness", "tilt"),
    samples=("ct_chest", "mr_brain_bias", "mr_two_volumes"),
    takes_own="A volume of at least 6 slices whose voxel size is known; a ball is put on the grid of its middle, so "
    "distance and tilt of the slices are its own.",
)
