"""One array out of a file that holds several: the one that was asked for, the only one, or a question."""

import math
from collections.abc import Sequence

from prep_core.io.answers import FEW
from prep_core.io.errors import AxesNeeded, Part, PartNeeded
from prep_core.io.names import shown

SHOWN = 6
"""So many parts are named in a sentence; the question itself carries all of them."""


def is_picture(shape: Sequence[int]) -> bool:
    """Whether an array of that shape can be an image: 2 to 5 dimensions, two of them with 2 pixels or more."""
    return 2 <= len(shape) <= 5 and all(n > 0 for n in shape) and sum(n > 1 for n in shape) >= 2


def choose(name: str, parts: Sequence[Part], wanted: str | None) -> Part:
    """The part called `wanted`, or the only one.

    Raises
    ------
    PartNeeded
        When there are several and none was asked for, or none has that name.
    """
    if wanted is None and len(parts) == 1:
        return parts[0]
    found = next((part for part in parts if part.name == wanted), None)
    if found is None:
        raise part_needed(name, parts, wanted)
    return found


def part_needed(name: str, parts: Sequence[Part], wanted: str | None = None, reason: str = "") -> PartNeeded:
    """The question which of `parts` to read, the largest first; `reason` stands before it in the sentence."""
    ordered = tuple(sorted(parts, key=lambda part: -math.prod(part.shape)))
    words = [f"{shown_part(part.name)} ({' x '.join(map(str, part.shape))} {part.dtype})" for part in ordered[:SHOWN]]
    more = f" and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    before = f"has no part {shown_part(wanted)!r}; it " if wanted is not None else reason
    count = "one array that can be an image" if len(ordered) == 1 else f"{len(ordered)} arrays that can be images"
    return PartNeeded(
        f"{name} {before}holds {count}: {', '.join(words)}{more}; "
        f"say which one with --part {shown_part(ordered[0].name)}",
        ordered,
    )


def shown_part(name: str) -> str:
    """The name of a part with its folders, fit to stand in a sentence."""
    whole = "/".join(shown(step) for step in name.split("/")[-3:])
    return whole if name.count("/") < 3 else f".../{whole}"


def matlab_axes_needed(name: str, shape: tuple[int, ...], dtype: str) -> AxesNeeded:
    """The question that a MATLAB array of 3 axes or more raises: rows first, pages last."""
    pages = {3: ("YXZ", "YXT", "YXC"), 4: ("YXZT", "YXCT", "YXZC"), 5: ("YXZCT", "YXCZT")}[len(shape)]
    choices = tuple(sorted(pages, key=lambda axes: (axes == "YXC") != (shape[-1] <= FEW)))
    return AxesNeeded(
        f"{name} has {len(shape)} axes of lengths {' x '.join(map(str, shape))}, rows first as MATLAB counts, and does "
        f"not say what they are; say it with --axes {choices[0]} (or {', '.join(choices[1:])})",
        shape,
        dtype,
        choices,
    )
