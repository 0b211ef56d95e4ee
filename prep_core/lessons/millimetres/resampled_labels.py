"""A label map under each interpolation: numbers that come out and name nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from prep_core.lessons.millimetres.popular_resampling import recipe
from prep_core.run import apply
from prep_core.scan import Scan

LABELS = (0, 1, 2, 5)
ROUNDING = 1e-3
"""A value nearer to a label than this is that label."""

INTERPOLATIONS: Mapping[str, str] = {"nearest": "nearest", "linear": "linear", "bspline": "B-spline"}


@dataclass(frozen=True, eq=False)
class Labelled:
    """What an interpolation makes of a label map.

    Attributes
    ----------
    no_label : share of voxels with a value that is no label
    new_labels : whole numbers after rounding that are no label, in order
    ghosts : share of voxels that have a label after rounding which none of the voxels they were made of has
    """

    scan: Scan
    no_label: float
    new_labels: tuple[int, ...]
    ghosts: float


def resampled(labels: Scan, spacing: float) -> Mapping[str, Labelled]:
    """The label map resampled by each interpolation, by its name."""
    nearby = {label: _nearby(labels, label, spacing) for label in LABELS}
    return {name: _labelled(apply(recipe(spacing, name), labels), nearby) for name in INTERPOLATIONS}


def _nearby(labels: Scan, label: int, spacing: float) -> Scan:
    """Above 0 where linear interpolation takes something from voxels of this label."""
    return apply(recipe(spacing), replace(labels, data=(labels.data == label).astype(np.float32)))


def _labelled(scan: Scan, nearby: Mapping[int, Scan]) -> Labelled:
    strange = np.min([np.abs(scan.data - label) for label in LABELS], axis=0) > ROUNDING
    rounded = np.rint(scan.data).astype(int)
    ghosts = np.zeros(rounded.shape, bool)
    for label, where in nearby.items():
        ghosts |= (rounded == label) & (where.data <= 0)
    new_labels = tuple(int(n) for n in np.setdiff1d(rounded, LABELS))
    return Labelled(scan, float(strange.mean()), new_labels, float(ghosts.mean()))
