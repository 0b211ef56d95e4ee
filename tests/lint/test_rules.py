"""Each rule for recipes warns where it should and nowhere else, and says so in a sentence."""

import re

import numpy as np
import pytest

from prep_core.inspection import inspect
from prep_core.line import Line
from prep_core.lint import RULES, about_recipe, about_scan, lint
from prep_core.lint.reach import reach_after
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan
from prep_core.steps import STEPS
from tests.lint.cases import CASES, Case

ALL = [pytest.param(name, case, id=f"{name}-{i}") for name, cases in CASES.items() for i, case in enumerate(cases)]


def test_every_rule_has_a_reason_a_source_and_cases_of_both_kinds() -> None:
    assert [rule.name for rule in RULES] == list(CASES)
    for rule in RULES:
        assert all(words.endswith(".") for words in (rule.meaning, rule.reason, rule.source))
        assert {bool(case.line) for case in CASES[rule.name]} == {True, False}


@pytest.mark.parametrize(("name", "case"), ALL)
def test_a_rule_warns_of_its_line_alone(name: str, case: Case) -> None:
    found = [concern for concern in lint(Recipe(case.steps), case.about) if concern.rule == name]
    assert [concern.line for concern in found] == ([case.line] if case.line else [])
    for concern in found:
        assert case.words in concern.message
        assert concern.message.startswith(f"{case.steps[case.line - 1].step} ")
        assert not re.search(r"[{}\n]|nan|None|\.$", concern.message)
        assert str(concern).startswith(f"line {case.line}: ")


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("reach", [None, (-10.0, 90.0), (0.0, 1.0)])
def test_the_reach_after_a_line_is_known_in_order_or_not_at_all(name: str, reach: tuple[float, float] | None) -> None:
    after = reach_after(Line(name), reach)
    assert after is None or after[0] <= after[1]


@pytest.mark.parametrize("name", ["window", "minmax", "decibel", "clip", "magnitude", "rescale", "invert"])
def test_the_reach_after_a_line_holds_its_values(name: str) -> None:
    data = np.random.default_rng(0).uniform(-500, 900, (40, 40)).astype(np.float32)
    low, high = reach_after(Line(name), (float(data.min()), float(data.max()))) or (0.0, 0.0)
    result = apply(Recipe((Line(name),)), Scan(data, "YX", unit="HU")).data
    assert low - 1e-3 <= result.min() <= result.max() <= high + 1e-3


def test_a_recipe_alone_tells_that_ct_is_in_hu() -> None:
    recipe = Recipe((Line("zscore", per="plane"),), modality="CT")
    assert [concern.rule for concern in lint(recipe, about_recipe(recipe))] == ["split_volume"]
    assert lint(Recipe(recipe.lines), about_recipe(Recipe(recipe.lines))) == ()


def test_a_scan_tells_its_values_and_its_padding() -> None:
    data = np.random.default_rng(0).normal(40, 30, (4, 64, 64)).astype(np.int16)
    data[:, :16] = -2000
    about = about_scan(inspect(Scan(data, "ZYX", unit="HU", modality="CT")), smallest=3.0)
    assert (about.unit, about.padded, about.smallest, about.spacing) == ("HU", True, 3.0, None)
    assert about.reach == (-2000.0, float(data.max()))
    assert "percentiles_over_padding" in [concern.rule for concern in lint(Recipe((Line("zscore"),)), about)]
