"""What Hypothesis draws for the readers and writers: scans of every type, set of axes and place in space."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from prep_core.scan import Scan

AXES = ("YX", "ZYX", "CYX", "CZYX", "TYX", "TZYX", "TCYX", "TCZYX")
TYPES = (
    "bool",
    "float16",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float32",
    "float64",
)
UNITS = ("HU", "dB", "1", "a.u.", "10^-6 mm²/s", "%", "counts per second")
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@st.composite
def affines(draw: st.DrawFn) -> NDArray[np.float64]:
    """Any box in space: turned, mirrored or not, with sizes from a picometre to a hundred metres."""
    turn = Rotation.from_euler("xyz", [draw(st.integers(-180, 180)) for _ in "xyz"], degrees=True).as_matrix()
    if draw(st.booleans()):
        turn[:, 0] *= -1
    affine = np.eye(4)
    affine[:3, :3] = turn * [draw(st.floats(0.001, 10) | st.floats(1.1e-9, 1e5)) for _ in "zyx"]
    affine[:3, 3] = [draw(st.floats(-500, 500)) for _ in "xyz"]
    return affine


@st.composite
def scans(draw: st.DrawFn, axes: str | None = None, types: tuple[str, ...] = TYPES, finite: bool = False) -> Scan:
    """A scan of a few voxels with every value that its type can hold, NaN and infinity too unless `finite`."""
    axes = axes or draw(st.sampled_from(AXES))
    dtype = np.dtype(draw(st.sampled_from(types)))
    shape = tuple(draw(st.integers(1, 4)) for _ in axes)
    data = draw(hnp.arrays(dtype, shape, elements=hnp.from_dtype(dtype, **_floats(dtype, finite))))
    # Nothing but NaN is refused when it is read.
    if dtype.kind == "f" and not np.isfinite(data).any():
        data = data.copy()
        data.flat[0] = 1
    count = shape[axes.index("C")] if "C" in axes else 0
    channels = tuple(draw(NAMES) for _ in range(count)) if draw(st.booleans()) else ()
    known = draw(st.booleans())
    return Scan(data, axes, draw(affines()), known, draw(st.sampled_from(UNITS)), channels=channels)


def _floats(dtype: np.dtype[Any], finite: bool) -> dict[str, bool]:
    return {"allow_nan": not finite, "allow_infinity": not finite} if dtype.kind == "f" else {}
