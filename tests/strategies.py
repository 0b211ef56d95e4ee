"""What Hypothesis draws: parameters by signature, lines, recipes, and scans to run them on."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from prep_core.line import Line, RecipeError
from prep_core.param import Field
from prep_core.recipe import Recipe
from prep_core.scan import Scan, voxel_affine
from prep_core.steps import STEPS, Step


def field_values(field: Field) -> st.SearchStrategy[Any]:
    """Every value that the law of `field` allows; tuples within their soft range, which bounds the work."""
    if field.choices:
        return st.sampled_from(field.choices)
    if field.type is bool:
        return st.booleans()
    if field.type is str:  # names something that the scan has, as few texts do
        return st.just(field.default)
    low, high = field.p.limits
    if field.length:
        low, high = field.p.soft or (0.5, 8.0)
        return st.tuples(*[st.floats(low, high)] * field.length)
    if field.type is int:
        return st.integers(int(low), int(high))
    return st.floats(low, high)


@st.composite
def lines(draw: st.DrawFn, step: Step | None = None, population: bool = True) -> Line:
    """A legal line of `step`, or of any."""
    step = step or draw(st.sampled_from(list(STEPS.values())))
    params = draw(st.fixed_dictionaries({name: field_values(f) for name, f in step.fields.items()}))
    choices = step.population if population else {}
    words = {word: draw(st.sampled_from(own)) for word, own in choices.items()}
    if words.get("over") == "image":
        words.pop("pool", None)  # one scan is not weighed against others
    try:
        return Line(step.name, params, **words)
    except RecipeError:  # values that are legal alone and do not go together, as low above high
        return Line(step.name, {}, **words)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    name = draw(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=30))
    return Recipe(tuple(draw(st.lists(lines(), max_size=6))), name or "recipe", draw(st.sampled_from(["", "CT"])))


def unit_scan(axes: str = "ZYX", seed: int = 0) -> Scan:
    """Values between 0 and 1, all different, with a corner of padding."""
    sizes = {"T": 2, "C": 3, "Z": 3, "Y": 20, "X": 24}
    shape = tuple(sizes[a] for a in axes)
    data = np.random.default_rng(seed).uniform(0.01, 1, shape).astype(np.float32)
    valid = np.ones(shape, bool)
    valid[..., :4, :4] = False
    return Scan(data, axes, voxel_affine((2.0, 1.0, 1.5)), True, valid=valid, mask=data > 0.3)


def wild_scan() -> Scan:
    """Values over ten decades with zeros, negatives, padding, NaN and infinity, as files have them."""
    data = (10 ** np.random.default_rng(1).uniform(-5, 5, (2, 20, 24))).astype(np.float32)
    data[0, :3] *= -1
    data[0, 5] = 0
    data[1, 5, :4] = [np.nan, np.inf, -np.inf, 3e38]
    valid = np.isfinite(data)
    valid[:, 15:] = False
    return Scan(data, "ZYX", voxel_affine((2.0, 1.0, 1.5)), True, valid=valid, mask=data > 1)
