"""Whose memory an array shows, and how much of it there is to look at."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def owner_of(part: Any) -> Any:
    """The array whose memory `part` shows; anything else is its own."""
    while isinstance(part, np.ndarray) and isinstance(part.base, np.ndarray):
        part = part.base
    return part


def all_true(mask: NDArray[np.bool_]) -> bool:
    """Whether `mask` is True everywhere; where one element stands for all, as in most masks, that one is looked at."""
    stands_for_all = mask.size > 0 and not any(mask.strides)
    return bool(mask.flat[0] if stands_for_all else mask.all())
