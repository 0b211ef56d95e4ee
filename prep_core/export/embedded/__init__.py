"""Functions that are written into exported code as they stand here, so they need nothing but what they import."""

from collections.abc import Callable, Mapping
from inspect import getsource
from types import MappingProxyType
from typing import Any

from prep_core.export.embedded import between, channels, curves, filters, grids, measuring

_MODULES = (measuring, curves, filters, between, grids, channels)

EMBEDDED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        name: function
        for module in _MODULES
        for name, function in vars(module).items()
        if callable(function) and getattr(function, "__module__", "") == module.__name__
    }
)
"""By name, in the order in which they are written."""


def source_of(name: str) -> str:
    return getsource(EMBEDDED[name])
