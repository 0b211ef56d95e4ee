"""Pixels for which a training set has no numbers, because all its scans have padding there."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.image import Image
from prep_core.param import P

Unmeasured = Annotated[
    Literal["refuse", "neutral"],
    P("What to do with voxels that no training scan measured: complain, or change them as little as can be."),
]


def known_or_refused(measured: Image, valid: NDArray[np.bool_], unmeasured: str) -> NDArray[np.bool_]:
    """Where there is a number for a pixel.

    Raises
    ------
    ValueError
        Where there is none for a valid voxel, unless that is `neutral`.
    """
    known: NDArray[np.bool_] = np.isfinite(measured)
    lost = int(np.count_nonzero(valid & ~known))
    if lost and unmeasured == "refuse":
        raise ValueError(
            f"has no numbers for {lost} voxels, which no training scan measured; fit it on scans that cover them, "
            "crop them away above it, or say unmeasured: neutral"
        )
    return known
