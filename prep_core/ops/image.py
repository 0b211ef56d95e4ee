"""What every step works on."""

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

Image = NDArray[Any]
"""float32 pixels (complex64 only for `magnitude`), of the shape that the step's domain says."""

Numbers = Mapping[str, Any]
"""Measured numbers by name: floats, or float32 arrays that broadcast over the image."""

Told = Callable[[int, int], None]
"""Called with how many parts of some work are done, and of how many; it may raise to stop there."""
