"""Steps that change what a value says."""

from prep_core.ops.values import arithmetic, curves, decibel, rounding, windowing
from prep_core.steps.step import Params, Step


def _rescaled_unit(params: Params, unit: str) -> str:
    return unit if params["divide"] == 1 else "a.u."


def _magnitude_unit(params: Params, unit: str) -> str:
    return unit if params["power"] == 1 else "a.u."


STEPS = (
    Step("magnitude", "values", arithmetic.magnitude, unit=_magnitude_unit, takes_complex=True),
    Step("rescale", "values", arithmetic.rescale, formula=arithmetic.rescale_formula, unit=_rescaled_unit),
    Step(
        "clip",
        "values",
        arithmetic.clip,
        formula=arithmetic.clip_formula,
        rule=arithmetic.clip_rule,
        tally=arithmetic.clip_tally,
    ),
    Step("invert", "values", arithmetic.invert, turns_display=True),
    Step("window", "values", windowing.window, formula=windowing.window_formula, unit="1", rule=windowing.window_rule),
    Step(
        "rescale_range",
        "values",
        windowing.rescale_range,
        formula=windowing.rescale_range_formula,
        unit="1",
        rule=windowing.rescale_range_rule,
    ),
    Step(
        "decibel",
        "values",
        decibel.decibel,
        formula=decibel.decibel_formula,
        measure=decibel.decibel_reference,
        unit="dB",
        check=decibel.positive_reference,
        tally=decibel.decibel_tally,
    ),
    Step("log", "values", curves.log, unit="a.u.", legal=curves.log_legal),
    Step("asinh", "values", curves.asinh, unit="a.u."),
    Step("gamma", "values", curves.gamma, legal=curves.gamma_legal),
    Step("sqrt", "values", curves.sqrt, unit="a.u.", legal=curves.sqrt_legal),
    Step("anscombe", "values", curves.anscombe, unit="a.u.", legal=curves.anscombe_legal),
    Step(
        "round_to",
        "values",
        rounding.round_to,
        rule=rounding.round_rule,
        tally=rounding.round_tally,
        distinct=rounding.round_levels,
    ),
)
