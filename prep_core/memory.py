"""Whose memory an array shows."""

from typing import Any

import numpy as np


def owner_of(part: Any) -> Any:
    """The array whose memory `part` shows; anything else is its own."""
    while isinstance(part, np.ndarray) and isinstance(part.base, np.ndarray):
        part = part.base
    return part
