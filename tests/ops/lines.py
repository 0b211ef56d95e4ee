"""One line on one array."""

import numpy as np

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.running import Done, run_lines
from prep_core.scan import Scan, voxel_affine


def scan_of(data, valid=None, spacing=None, **about) -> Scan:
    """`data` as (y, x) or (z, y, x); all of it valid where it is finite, with an unknown voxel size."""
    data = np.atleast_2d(np.asarray(data))
    place = {"affine": voxel_affine(spacing), "spacing_known": True} if spacing else {}
    valid = np.isfinite(data) if valid is None else np.asarray(valid)
    return Scan(data, "ZYX"[-data.ndim :], valid=valid, **place, **about)


def done(step: str, scan: Scan, inside: str = "", **params: object) -> Done:
    (only,) = run_lines([Line(step, params, inside=inside)], scan)
    return only


def after(step: str, data, **params: object) -> np.ndarray:
    """The values that `step` makes of `data`, in its shape."""
    return apply(Recipe((Line(step, params),)), scan_of(data)).data.reshape(np.shape(data))
