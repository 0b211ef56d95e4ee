"""Steps as a few lines of NumPy: one small function a step, from its line to code."""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.export.numpy_steps.neighbours import NEIGHBOURS
from prep_core.export.numpy_steps.scale import SCALE
from prep_core.export.numpy_steps.shapes import SHAPES
from prep_core.export.numpy_steps.values import VALUES
from prep_core.export.numpy_steps.written import Statistic, Write, Written

__all__ = ["NUMPY", "Statistic", "Write", "Written"]

NUMPY: Mapping[str, Write] = MappingProxyType({**VALUES, **SCALE, **NEIGHBOURS, **SHAPES})
"""By the name of the step.  What is not here is done by prep_core, or refused."""
