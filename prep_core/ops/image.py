"""What every step works on."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Image = NDArray[Any]
"""float32 pixels (complex64 only for `magnitude`), of the shape that the step's domain says."""

Numbers = Mapping[str, Any]
"""Measured numbers by name: floats, or float32 arrays that broadcast over the image."""
