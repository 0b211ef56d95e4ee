"""What steps that divide by a smooth field have in common."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.image import Image
from prep_core.param import P

Mask = NDArray[np.bool_]

Order = Annotated[int, P("Highest power of the polynomial.", (1, 5), soft=(1, 4))]
Method = Annotated[
    Literal["gaussian", "homomorphic"],
    P(
        "gaussian smooths the values; homomorphic their logarithm, which bright spots move less; it needs values "
        "above 0."
    ),
]


def above_zero(image: Image, inside: Mask) -> Mask:
    """The voxels inside that have a logarithm.

    Raises
    ------
    ValueError
        Where there is none.
    """
    used = inside & np.isfinite(image) & (image > 0)
    if not used.any():
        held = int(np.count_nonzero(inside))
        raise ValueError(
            f"needs voxels above 0, and none of the {held} inside is; put a mask step above it, or say another inside"
        )
    return used


def evened(image: Image, field: Image, used: Mask) -> Image:
    """`image` divided by `field`, scaled so that the mean of the `used` voxels stays.

    Parameters
    ----------
    image, field : (...) float32 ndarrays of the same shape
        Of a field that is nowhere 0.
    """
    even: Image = image / field
    return even * np.float32(_mean(image, used) / _mean(even, used))


def _mean(image: Image, used: Mask) -> float:
    return float(image[used].mean(dtype=np.float64))
