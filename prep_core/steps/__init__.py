"""Every step there is, in the order of the menu.

To add one, write its function in `prep_core.ops` and a `Step` in the family's module here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.steps import artifacts, channels, contrast, fields, grid, masks, noise, scale, values
from prep_core.steps.step import Domain, Family, Params, Step

__all__ = ["STEPS", "Domain", "Family", "Params", "Step"]

_FAMILIES = (values, scale, contrast, fields, noise, masks, artifacts, grid, channels)

STEPS: Mapping[str, Step] = MappingProxyType({step.name: step for family in _FAMILIES for step in family.STEPS})
"""Name to step, in the order of the menu."""
