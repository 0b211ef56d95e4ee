"""Numbers as findings say them."""


def share(part: int, of: int, what: str = "voxels") -> str:
    """ "41,546 of 380,928 voxels (10.9 %)"."""
    return f"{part:,} of {of:,} {what} ({percent(part / of)})"


def percent(fraction: float) -> str:
    """ "10.9 %"; shares below 1 % with two digits that count."""
    return f"{100 * fraction:.2g} %" if fraction < 0.01 else f"{100 * fraction:.1f} %"


def value(number: float, unit: str = "a.u.") -> str:
    """A value with its unit, where it has one."""
    return f"{number:g}" if unit in ("a.u.", "1") else f"{number:g} {unit}"
