"""Four normalisations of a set of pictures on one grid."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan

WORDS: Mapping[str, str] = MappingProxyType(
    {"fixed": "fixed", "range": "mean and range", "std": "mean and std", "channel": "per channel"}
)


def fitted(training: Sequence[Scan] | None, std_floor: float) -> dict[str, Recipe]:
    """The recipes by the names of `WORDS`, fitted on `training`; not fitted without."""
    low, high = grey_range(training or ())
    maps = {"std_floor": std_floor, "unmeasured": "neutral"}
    lines = {
        "fixed": Line("rescale", {"subtract": (low + high) / 2, "divide": (high - low) / 2}),
        "range": Line("standardize_map", {"scale": "range", **maps}),
        "std": Line("standardize_map", {"scale": "std", **maps}),
        "channel": Line("zscore", over="dataset", per="channel"),
    }
    recipes = {name: Recipe((line,), name=name) for name, line in lines.items()}
    return recipes if training is None else {name: fit(recipe, training) for name, recipe in recipes.items()}


def grey_range(training: Sequence[Scan]) -> tuple[float, float]:
    """0 and 255 for 8-bit pictures, and where there are none; else the least and the largest value of all."""
    if all(scan.data.dtype == "uint8" for scan in training):
        return 0.0, 255.0
    values = [scan.data[scan.valid] for scan in training]
    return float(min(v.min() for v in values)), float(max(v.max() for v in values))
