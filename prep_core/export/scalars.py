"""Numbers of a line, as an export needs them."""

from prep_core.line import Line


def pair(line: Line, first: str, second: str) -> tuple[float, float] | None:
    """Two fitted numbers, where there is one each for the whole image."""
    if line.fitted is None:
        return None
    a, b = line.fitted.numbers[first], line.fitted.numbers[second]
    return (a, b) if isinstance(a, float) and isinstance(b, float) else None


def whole_image(line: Line, *per: str) -> bool:
    """Whether a line measures the image at hand, all of its voxels, split in one of the ways `per`."""
    return line.over == "image" and line.inside == "all" and line.per in per


def linear_window(line: Line) -> tuple[float, float] | None:
    """What the step window maps to 0 and to 1, where it is a straight line in between."""
    center, width, function = (line.params[name] for name in ("center", "width", "function"))
    if function == "sigmoid" or (function == "linear" and width == 1):
        return None
    if function == "linear":
        center, width = center - 0.5, width - 1
    return center - width / 2, center + width / 2
