"""What the axes of a TIFF are: by its headers, by the user, or by a question."""

from typing import Any

from numpy.typing import NDArray

from prep_core.io.answers import Answers, axes_needed, place_axes
from prep_core.io.errors import AxesNeeded
from prep_core.scan import AXES

PAGES = ("ZYX", "TYX", "CYX")


def named(axes: str, array: NDArray[Any], name: str, answers: Answers) -> tuple[NDArray[Any], str]:
    """The array without axes of length 1 that a scan has no name for, and the names of the others.

    Raises
    ------
    AxesNeeded
        When the file does not name an axis, and the user did not either.
    """
    own = axes.replace("S", "C") if "C" not in axes else axes
    keep = [i for i, axis in enumerate(own) if axis in AXES or array.shape[i] > 1]
    array = array.reshape([array.shape[i] for i in keep])
    own = "".join(own[i] for i in keep)
    if answers.axes and len(answers.axes) == array.ndim:
        return array, answers.axes
    if all(axis in AXES for axis in own) and len(set(own)) == len(own):
        return array, own
    if array.ndim == 2:
        return place_axes(name, array, None)
    if array.ndim == 3 and own.endswith("YX"):
        raise _pages_needed(name, array)
    raise axes_needed(name, array.shape, array.dtype)


def _pages_needed(name: str, array: NDArray[Any]) -> AxesNeeded:
    """The question for pages: never colours at first, however few they are."""
    return AxesNeeded(
        f"{name} has {len(array)} pages and does not say what leads from one to the next; "
        f"say it with --axes {PAGES[0]} (or {', '.join(PAGES[1:])})",
        array.shape,
        str(array.dtype),
        PAGES,
    )
