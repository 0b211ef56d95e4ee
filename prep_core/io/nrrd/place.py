"""Where an NRRD lies in space, and how large its voxels are."""

import math
import re
from collections.abc import Mapping

import numpy as np

from prep_core.io.errors import ReadError
from prep_core.io.geometry import Vector, affine_of, check_affine, is_size
from prep_core.io.raw_volume import check_count, numbers

TO_LPS: Mapping[str, tuple[int, int, int]] = {
    "left-posterior-superior": (1, 1, 1),
    "lps": (1, 1, 1),
    "right-anterior-superior": (-1, -1, 1),
    "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1),
    "las": (1, -1, 1),
}
MM_PER: Mapping[str, float] = {"m": 1e3, "cm": 10.0, "mm": 1.0, "um": 1e-3, "µm": 1e-3, "micron": 1e-3, "nm": 1e-6}


def directions_of(fields: Mapping[str, str]) -> list[str | None]:
    """The step along each axis, as text; None for an axis that is not in space."""
    words = re.findall(r"\([^)]*\)|none", fields.get("spacedirections", ""))
    return [None if w == "none" else w for w in words]


def place(name: str, fields: Mapping[str, str], axes: str, upright: str) -> tuple[Vector, bool, list[str]]:
    """Affine to LPS mm, whether the spacing is known, and warnings; `upright` is the step along a missing z."""
    directions = [d for d in directions_of(fields) if d is not None]
    if not directions:
        return _place_without_space(name, fields, axes)
    space = fields.get("space", "").lower()
    if space.endswith("-time"):
        # Time is the last axis of such a space, and has no length in millimetres.
        directions = directions[:3]
    flips = TO_LPS.get(space.removesuffix("-time"))
    factor, told = _length(fields.get("spaceunits", ""))
    warnings = told if flips else [*told, "orientation unknown: the space of the file is taken for LPS"]
    if upright and len(directions) == 2:
        directions.append(upright)
    if not 2 <= len(directions) <= 3:
        raise ReadError(
            f"{name} has {len(directions)} axes with space directions; an image has 2 or 3: repair its header"
        )
    vectors = [np.array(numbers(name, "space directions", d)) for d in directions]
    origin = np.array(numbers(name, "space origin", fields.get("spaceorigin", "0 " * len(vectors[0]))))
    for vector in (*vectors, origin):
        check_count(name, "space directions", vector, len(vectors[0]))
    padded = [np.resize(np.append(v, np.zeros(3)), 3) for v in (*vectors, origin)]
    turned = [v * factor * np.array(flips or (1, 1, 1), dtype=np.float64) for v in padded]
    affine = affine_of(turned[:-1], turned[-1])
    return affine, True, warnings + check_affine(name, affine)


def _length(text: str) -> tuple[float, list[str]]:
    """Millimetres in the unit of the axes in space, which are quoted words; what to say where they are no length."""
    units = {word for word in re.findall(r'"([^"]*)"', text) if word and word not in ("s", "ms", "sec")}
    if len(units) == 1 and (unit := units.pop()) in MM_PER:
        return MM_PER[unit], []
    return 1.0, ["its units are not one known unit of length: sizes are taken for millimetres"] if units or text else []


def _place_without_space(name: str, fields: Mapping[str, str], axes: str) -> tuple[Vector, bool, list[str]]:
    found = numbers(name, "spacings", fields.get("spacings", ""))
    factor, told = _length(fields.get("units", ""))
    sizes = [s * factor for s, axis in zip(found, axes, strict=False) if axis in "XYZ"]
    known = bool(sizes) and all(map(is_size, map(abs, sizes)))
    used = [abs(s) if is_size(abs(s)) else 1.0 for s in sizes] + [1.0] * (3 - len(sizes))
    warnings = [*told, "orientation unknown: the file has no space directions"]
    if not known:
        state = "not finite or zero" if any(not math.isfinite(s) or s == 0 for s in sizes) else "not in the file"
        warnings.append(f"spacing unknown: it is {state}")
    return affine_of(list(np.diag(used)), (0, 0, 0)), known, warnings
