"""What computes: this package, and the libraries whose version can change a pixel."""

import platform
from functools import cache
from importlib import metadata

VERSION = "0.1.0"
"""Of this package, which also runs from its folder, where nothing else knows it."""

LIBRARIES = ("numpy", "scipy", "scikit-image", "SimpleITK")
"""Libraries whose version can change a pixel."""


def library_versions() -> dict[str, str]:
    """By name, the version of Python and of each of `LIBRARIES`."""
    return {"python": platform.python_version()} | {name: _version(name) for name in LIBRARIES}


@cache
def _version(name: str) -> str:
    """Looked up once: it costs a search through the folders of Python, and every sidecar asks."""
    return metadata.version(name)
