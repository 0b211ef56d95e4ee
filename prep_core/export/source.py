"""Exported Python as a file: head, imports, embedded functions, lines."""

import ast
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from prep_core.export.embedded import EMBEDDED, source_of

_STANDARD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "collections.abc": ("Callable", "Mapping", "Sequence"),
        "functools": ("partial",),
        "inspect": ("signature",),
        "typing": ("Any",),
    }
)
_OTHER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "monai.transforms": (
            "ClipIntensityPercentiles",
            "Compose",
            "EnsureType",
            "Lambda",
            "NormalizeIntensity",
            "Orientation",
            "ScaleIntensity",
            "ScaleIntensityRange",
            "ScaleIntensityRangePercentiles",
            "ThresholdIntensity",
        ),
        "monai.utils": ("convert_data_type", "convert_to_dst_type"),
        "prep_core": ("Recipe",),
        "scipy.ndimage": ("gaussian_filter", "median_filter"),
        "skimage.exposure": ("equalize_adapthist",),
        "skimage.filters": ("threshold_otsu",),
    }
)
_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "np": "import numpy as np",
        "SimpleITK": "import SimpleITK",
        "torch": "import torch",
        "tio": "import torchio as tio",
    }
)


def file_of(head: str, functions: Iterable[str], tail: str) -> str:
    """A module: `head` as comments, all that the functions need, `functions`, and `tail`."""
    own = "\n\n".join([*functions, tail])
    embedded = [source_of(name) for name in _needed(own)]
    body = "\n\n".join([*embedded, own])
    return f"{comments(head)}\n{_imports(body)}\n\n{body}"


def comments(text: str) -> str:
    """`text` as lines that begin with #, without signs that could end one."""
    return "".join(f"# {_printable(line)}".rstrip() + "\n" for line in text.splitlines())


def names_in(code: str) -> set[str]:
    """The variables and functions that `code` names."""
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def _needed(text: str) -> list[str]:
    """The embedded functions that `text` calls, and those that they call, in the order in which they stand."""
    found: set[str] = set()
    texts = [text]
    while texts:
        new = (names_in(texts.pop()) & EMBEDDED.keys()) - found
        found |= new
        texts += [source_of(name) for name in new]
    return [name for name in EMBEDDED if name in found]


def _imports(body: str) -> str:
    words = names_in(body)
    standard = (["import math"] if "math" in words else []) + _from(_STANDARD, words)
    others = [line for name, line in _MODULES.items() if name in words] + _from(_OTHER, words)
    return "\n".join([*standard, *([""] if standard else []), *others]) + "\n"


def _from(modules: Mapping[str, tuple[str, ...]], words: set[str]) -> list[str]:
    used = {module: [name for name in names if name in words] for module, names in modules.items()}
    return [f"from {module} import {', '.join(names)}" for module, names in used.items() if names]


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
