"""What a filter works through: a plane or a volume."""

from typing import Annotated, Literal

from prep_core.param import P

Extent = Annotated[
    Literal["plane", "volume"],
    P("Work on each plane by itself, or through the volume; a scan without z has planes only."),
]
"""For the parameter `extent`, by which the runner chooses the domain of a step."""
