"""Every step there is, in the order of the menu.  To add one, write its function and add a line to `STEPS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from prep_core.measure import Accumulator
from prep_core.ops import contrast, grid, scale, values
from prep_core.param import Field, fields_of, parse_all

Domain = Literal["voxel", "plane", "volume", "grid"]
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One verb: its functions, and what the runner must know about them.

    Attributes
    ----------
    domain : the shape that `apply` works on
        "voxel" (pointwise, any shape), "plane" (y, x), "volume" (z, y, x), or "grid" (Scan -> Scan).
    measure : makes an empty accumulator for the numbers that `apply` needs
    unit : the unit of the result; None keeps it, a function answers by parameters and old unit
    rule : complains about parameters that do not go together
    check : complains about measured numbers that `apply` cannot use
    legal : the closed interval of values that `apply` has an answer for
    tally : counts in the result that belong in the provenance
    takes_complex, turns_display : whether it has an answer for complex values; whether it undoes MONOCHROME1
    """

    name: str
    family: Literal["values", "scale", "contrast", "grid"]
    apply: Callable[..., Any]
    domain: Domain = "voxel"
    measure: Callable[..., Accumulator] | None = None
    unit: str | Callable[[Params, str], str] | None = None
    rule: Callable[[Params], str | None] | None = None
    check: Callable[[Mapping[str, float]], str | None] | None = None
    legal: Callable[[Params], tuple[float, float]] | None = None
    tally: Callable[[Any, Params], dict[str, int]] | None = None
    takes_complex: bool = False
    turns_display: bool = False

    @cached_property
    def fields(self) -> dict[str, Field]:
        return (fields_of(self.measure) if self.measure else {}) | fields_of(self.apply)

    @property
    def doc(self) -> str:
        return self.apply.__doc__ or ""

    @property
    def help(self) -> str:
        """The first sentence of the docstring."""
        return " ".join(self.doc.split("\n\n")[0].split())

    def parse(self, raw: Params) -> dict[str, Any]:
        """`raw` with every default written out.

        Raises
        ------
        ValueError
            For an unknown name, a value that its field refuses, or values that do not go together.
        """
        params = parse_all(self.fields, raw)
        if self.rule and (complaint := self.rule(params)):
            raise ValueError(complaint)
        return params

    def domain_of(self, params: Params) -> Domain:
        """The domain with these parameters: those that have an `extent` choose between plane and volume."""
        chosen: Domain = params.get("extent", self.domain)
        return chosen

    def unit_after(self, params: Params, unit: str) -> str:
        return self.unit(params, unit) if callable(self.unit) else self.unit or unit

    def accumulator(self, params: Params) -> Accumulator:
        """An empty accumulator for the numbers of this step."""
        if self.measure is None:
            raise ValueError(f"{self.name} measures nothing")
        return self.measure(**{name: params[name] for name in fields_of(self.measure)})

    @cached_property
    def apply_names(self) -> tuple[str, ...]:
        return tuple(fields_of(self.apply))


def _rescaled_unit(params: Params, unit: str) -> str:
    return unit if params["divide"] == 1 else "a.u."


def _magnitude_unit(params: Params, unit: str) -> str:
    return unit if params["power"] == 1 else "a.u."


_LINES = (
    Step("magnitude", "values", values.magnitude, unit=_magnitude_unit, takes_complex=True),
    Step("rescale", "values", values.rescale, unit=_rescaled_unit),
    Step("clip", "values", values.clip, rule=values.clip_rule),
    Step("invert", "values", values.invert, turns_display=True),
    Step("window", "values", values.window, unit="1", rule=values.window_rule),
    Step(
        "decibel",
        "values",
        values.decibel,
        measure=values.decibel_reference,
        unit="dB",
        check=values.positive_reference,
        tally=values.decibel_tally,
    ),
    Step("log", "values", values.log, unit="a.u.", legal=values.log_legal),
    Step("gamma", "values", values.gamma, legal=values.gamma_legal),
    Step(
        "minmax",
        "scale",
        scale.minmax,
        measure=scale.extremes,
        unit="1",
        rule=scale.out_rule,
        check=scale.has_range,
    ),
    Step(
        "percentile_rescale",
        "scale",
        scale.percentile_rescale,
        measure=scale.rescale_percentiles,
        unit="1",
        rule=scale.percentile_rescale_rule,
        check=scale.has_range,
    ),
    Step(
        "percentile_clip",
        "scale",
        scale.percentile_clip,
        measure=scale.clip_percentiles,
        rule=scale.percentile_rule,
        check=scale.has_range,
    ),
    Step("zscore", "scale", scale.zscore, measure=scale.mean_and_std, unit="1", check=scale.has_spread),
    Step(
        "clahe",
        "contrast",
        contrast.clahe,
        domain="plane",
        measure=contrast.clahe_range,
        unit="1",
        rule=contrast.clahe_line_rule,
        check=scale.has_range,
    ),
    Step("resample", "grid", grid.resample, domain="grid"),
)

STEPS: Mapping[str, Step] = MappingProxyType({step.name: step for step in _LINES})
"""Name to step, in the order of the menu."""
