"""What a lesson is: a question, controls, and what is computed from them each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.param import Field, fields_of, parse_all
from prep_core.recipe import Recipe
from prep_core.scan import Scan

Tell = Callable[[float, str], None]
"""Told the share of the work that is done, and what comes next; it may raise to stop there."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One image and the range of values that is spread from black to white.

    Attributes
    ----------
    image : (y, x) ndarray of numbers, or (3, y, x) ndarray of uint8
        NaN is drawn as nothing.
    colours : grey, or "signed" around 0 from -high to high, or "field" for what is 0 or more
    outline : (y, x) bool ndarray or None
        Drawn as a line around it.
    aspect : height of a pixel over its width
    """

    title: str
    image: NDArray[Any]
    low: float
    high: float
    unit: str = "1"
    colours: Literal["grey", "signed", "field"] = "grey"
    outline: NDArray[np.bool_] | None = None
    aspect: float = 1.0


@dataclass(frozen=True, eq=False)
class Curve:
    """Points joined by a line, or bars where `x` is words.

    Attributes
    ----------
    x : (n,) ndarray, or n words
    y : (n,) ndarray
        NaN leaves a gap.
    points : points that are not joined
    """

    name: str
    x: NDArray[Any] | tuple[str, ...]
    y: NDArray[Any]
    points: bool = False


@dataclass(frozen=True, eq=False)
class Chart:
    """Curves over one axis; units stand in the titles of the axes."""

    title: str
    x_title: str
    y_title: str
    curves: tuple[Curve, ...]
    log_x: bool = False
    log_y: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers; numbers are shown with four significant digits."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, eq=False)
class Shown:
    """What a lesson shows for its controls.

    Attributes
    ----------
    happened : paragraphs: the formula, with the numbers put in, and what follows
    numbers : those that `happened` speaks of, by name
    pictures : in rows; those of a row share zoom and read-out
    recipe : what the lesson did, to be taken along to an own scan; None where that has no meaning
    about_recipe : a sentence that a reader of the recipe needs; "" where it explains itself
    """

    happened: tuple[str, ...]
    numbers: Mapping[str, float]
    pictures: tuple[tuple[Picture, ...], ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    recipe: Recipe | None = None
    about_recipe: str = ""


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes
    ----------
    key : its name in an address
    show : callable
        ``show(scan, **controls) -> Shown``: a pure function whose keyword-only parameters are the controls, annotated
        as those of steps.  `scan` is None for what the lesson simulates, else a built-in or an own scan.
    breaks, breaking : controls with which it goes wrong, and what will be seen then
    samples : built-in scans that it can be shown on as well
    simulates : controls of what the lesson simulates, which have no meaning on a built-in or an own scan
    takes_own : what an own scan must be, in words; "" where the lesson has no use for one
    train : callable or None
        ``train(scan, tell, **controls) -> Shown``: the part that takes seconds, begun by a button.
    training : what that button says
    """

    key: str
    title: str
    question: str
    show: Callable[..., Shown]
    breaks: Mapping[str, Any]
    breaking: str
    samples: tuple[str, ...] = ()
    simulates: tuple[str, ...] = ()
    takes_own: str = ""
    train: Callable[..., Shown] | None = None
    training: str = ""

    @property
    def controls(self) -> Mapping[str, Field]:
        """The controls by name."""
        return fields_of(self.show)

    def parse(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A value for every control: those in `raw`, and defaults for the rest.

        Raises
        ------
        ValueError
            For an unknown name, or a value that its control refuses.
        """
        return parse_all(self.controls, raw)

    def shown(self, scan: Scan | None = None, **controls: Any) -> Shown:
        """What it shows, with defaults for the controls left out.

        Raises
        ------
        ValueError
            As `parse`; and for a `scan` that it can say nothing about.
        """
        return self.show(scan, **self.parse(controls))
