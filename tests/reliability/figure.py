"""What the report of reliability is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One claim, what was measured of it, and whether it holds."""

    claim: str
    asked: str
    measured: str
    holds: bool
