"""Steps that change what a value says."""

from prep_core.ops import values
from prep_core.steps.step import Params, Step


def _rescaled_unit(params: Params, unit: str) -> str:
    return unit if params["divide"] == 1 else "a.u."


def _magnitude_unit(params: Params, unit: str) -> str:
    return unit if params["power"] == 1 else "a.u."


STEPS = (
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
)
