"""Lesson: MR has no unit.  A coil's field and four ways to take it away; two scanners and two contrasts."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Tell
from prep_core.lessons.mr_fields.brain_scans import small_brain
from prep_core.lessons.mr_fields.corrected import (
    FINE,
    SMALL,
    chosen,
    figures_of,
    middle,
    of_phantom,
    own_pictures,
    phantom_pictures,
    profiles,
    quiet,
    recipe_of,
    shrunk,
)
from prep_core.lessons.mr_fields.scales import SCALES, Scaled, scaled
from prep_core.lessons.mr_fields.told import field_table, happened, on_a_finer_grid, on_own_scan, scale_table
from prep_core.param import P
from prep_core.quality.bias_methods import compare_bias_methods
from prep_core.quality.figures import bias_spread
from prep_core.samples.brain import brain_phantom
from prep_core.scan import Scan


def show(
    scan: Scan | None,
    *,
    method: Annotated[
        Literal["n4", "gaussian", "homomorphic", "polynomial"], P("The way to take the field away that is drawn.")
    ] = "n4",
    strength: Annotated[float, P("The simulated coils' field to this power; 0 is none.", (0, 3), soft=(0, 3))] = 1.0,
    sigma: Annotated[float, P("How far gaussian and homomorphic smooth.", (5, 200), "mm", soft=(10, 80))] = 30.0,
    lesion: Annotated[
        float,
        P("Radius of a bright lesion in the simulated head on the other scanner.", (0, 50), "mm", soft=(0, 45)),
    ] = 20.0,
) -> Shown:
    """Four corrections of one field, and four scales for heads that differ in gain, in a lesion, and in contrast."""
    if scan is not None:
        return _own(shrunk(scan, SMALL), method, sigma, quiet)
    brain = small_brain(strength)
    found = of_phantom(brain, sigma)
    row, scales = chosen(found, method), scaled(lesion)
    spread = bias_spread(brain.field[brain.white | brain.grey])
    numbers = figures_of(found) | _scale_numbers(scales) | {"true_spread": spread}
    return Shown(
        happened(numbers, method, sigma, lesion),
        numbers,
        (phantom_pictures(brain, row), _heads(scales)),
        (profiles(brain, found), _moves(scales)),
        (field_table(found), scale_table(scales)),
        recipe_of(row),
    )


def train(scan: Scan | None, tell: Tell, **controls: Any) -> Shown:
    """The corrections once more, on voxels half as large."""
    method, sigma = controls["method"], controls["sigma"]
    if scan is not None:
        return _own(shrunk(scan, FINE), method, sigma, tell)
    brain = brain_phantom(strength=controls["strength"])
    found = of_phantom(brain, sigma, tell)
    numbers = figures_of(found)
    return Shown(
        (on_a_finer_grid(numbers, method, brain.scan),),
        numbers,
        (phantom_pictures(brain, chosen(found, method)),),
        (),
        (field_table(found),),
    )


def _own(scan: Scan, method: str, sigma: float, tell: Tell) -> Shown:
    found = compare_bias_methods(scan, sigma=sigma, progress=tell)
    row, numbers = chosen(found, method, scan.name), figures_of(found)
    return Shown(
        on_own_scan(numbers, method, sigma, scan),
        numbers,
        (own_pictures(scan, row),),
        (),
        (field_table(found),),
        recipe_of(row),
    )


def _scale_numbers(scales: Mapping[str, Scaled]) -> dict[str, float]:
    return {
        f"{figure}_{name}": getattr(each, figure)
        for name, each in scales.items()
        for figure in ("moved", "moved_t2", "off_zero", "turned")
    }


def _heads(scales: Mapping[str, Scaled]) -> tuple[Picture, ...]:
    scores = scales["z-score"]
    titles = {"Head, z-score": scores.head, "Other scanner": scores.other, "Other contrast (T2)": scores.t2}
    return tuple(Picture(title, middle(place.scan.data), -2, 2) for title, place in titles.items())


def _moves(scales: Mapping[str, Scaled]) -> Chart:
    words = tuple(name for name in SCALES if name != "none")
    curves = (
        Curve("other scanner", words, np.array([100 * scales[name].moved for name in words])),
        Curve("T2", words, np.array([100 * scales[name].moved_t2 for name in words])),
    )
    return Chart("White matter moves by", "", "% of white − grey", curves)


LESSON = Lesson(
    key="mr-fields",
    title="MR has none",
    question="The same tissue is bright near a coil and dark away from it. Can it be made even, and equal to that of "
    "another scanner?",
    show=show,
    breaks={"method": "gaussian", "sigma": 10.0, "lesion": 45.0},
    breaking="A Gaussian as narrow as a fold takes the brain for the field, and the scan is worse than before. And a "
    "lesion of 45 mm has a peak of its own in the histogram, which the white stripe takes for white matter.",
    simulates=("strength", "lesion"),
    samples=("mr_brain_bias",),
    takes_own="An MR whose voxel size is known; it is shrunk to at most 32 x 64 x 64 voxels.",
    train=train,
    training="Correct it on a finer grid",
)
