"""A lock in a file is what fit wrote, or it is refused in a sentence."""

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line, RecipeError
from prep_core.lock.reading import lock_from
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.samples import load_sample
from tests.shift.scans import CT, chest
from tests.strategies import unit_scan

FITTED = fit(CT, [chest(0), chest(1)])
RAW = yaml.safe_load(FITTED.to_yaml())["lock"]
ONE = yaml.safe_load(fit(CT, [chest(0)]).to_yaml())["lock"]


def changed(path: str, value: Any) -> Any:
    raw = copy.deepcopy(RAW)
    *inner, last = path.split(".")
    target = raw
    for name in inner:
        target = target[int(name)] if name.isdigit() else target[name]
    target[int(last) if last.isdigit() else last] = value
    return raw


def test_yaml_and_recipe_and_yaml_are_the_same() -> None:
    text = FITTED.to_yaml()
    again = Recipe.from_yaml(text)
    assert again == FITTED
    assert again.to_yaml() == text


def test_the_lock_of_five_fitted_lines_is_short() -> None:
    lines = [Line(step, over="dataset") for step in ("zscore", "minmax", "zscore", "percentile_clip", "robust_zscore")]
    text = fit(Recipe(tuple(lines)), [load_sample("mr_simulated")]).to_yaml()
    assert len(text[text.index("\nlock:") :]) < 6000


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("recipe", "xyz", "lock recipe must be 16 hex digits, as fit writes it, got 'xyz'; fit the recipe again"),
        ("lines", "a", "lock lines must be a list"),
        ("lines.0", 5, "lock lines 1 must be 8 hex digits"),
        ("versions", [], "lock versions must be a mapping"),
        ("versions.numpy", 2.4, "lock versions numpy must be text, as fit writes it, got '2.4'"),
        ("percentiles", "nearest", "lock percentiles must be linear"),
        ("ddof", 1, "lock ddof must be 0"),
        ("ddof", False, "lock ddof must be 0"),
        ("probe.shape", [1, 2], "lock probe axes must name all 2 axes"),
        ("probe.shape", [10**6, 10**6, 10**6], "lock probe shape must be from 1 to 67108864 voxels"),
        ("probe.shape", [0, 4, 4], "lock probe shape must be from 1 to"),
        ("probe.shape", [1.5, 4, 4], "lock probe shape 1 must be a whole number from 0"),
        ("probe.spacing", [1.0, -1.0, 1.0], "lock probe spacing must be a length above 0"),
        ("probe.spacing", [1.0], "lock probe spacing must be a length above 0"),
        ("probe.complex", 1, "lock probe complex must be true or false"),
        ("probe.low", "x", "lock probe low must be a number"),
        ("probe.channels", [1], "lock probe channels 1 must be text"),
        ("probe", {"axes": "YX"}, "lock probe must be a mapping of axes, shape,"),
        ("answer.sha256", "0" * 63, "lock answer sha256 must be 64 hex digits"),
        ("answer.at.0", 10**9, "lock answer at must be a place inside 2880 voxels"),
        ("answer.values", [], "lock answer at must be a place inside"),
        ("answer", {"complaint": 5}, "lock answer complaint must be text"),
        ("population.percents.0", 1.0, "lock population percents must be rising from 0 to 100"),
        ("population.values", [], "lock population values must be those of at least one line"),
        ("population.values.0.curve", [1.0], "lock population values 1 curve must be 47 numbers that do not fall"),
        ("population.values.0.curve.0", 1e9, "lock population values 1 curve must be 47 numbers that do not fall"),
        ("population.values.0.spread", 0, "lock population values 1 spread must be above 0"),
        ("population.shares.0.name", None, "lock population shares 1 name must be text"),
        ("population.scans", -1, "lock population scans must be a whole number from 0"),
        ("extra", 1, "lock must be a mapping of recipe, steps, lines,"),
    ],
)
def test_what_fit_did_not_write_is_refused(path: str, value: Any, complaint: str) -> None:
    with pytest.raises(RecipeError) as refused:
        lock_from(changed(path, value))
    assert str(refused.value).startswith(complaint)
    assert str(refused.value).endswith("; fit the recipe again")


def test_a_lock_of_one_scan_and_a_complaint_are_read_back() -> None:
    assert lock_from(ONE).population.values[0].largest is None
    assert lock_from(changed("answer", {"complaint": "line 1: no"})).answer.complaint == "line 1: no"


@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s, max_size=3)))
@pytest.mark.parametrize("key", RAW)
def test_any_value_is_a_lock_or_a_complaint(key: str, value: Any) -> None:
    try:
        lock_from({**RAW, key: value})
    except RecipeError as error:
        assert str(error).startswith("lock")


def test_a_recipe_without_a_lock_is_read_as_before() -> None:
    text = FITTED.to_yaml()
    assert Recipe.from_yaml(text[: text.index("\nlock:") + 1]).lock is None


def test_editing_the_lines_drops_the_lock_and_nothing_else_does() -> None:
    fitted = fit(Recipe((Line("zscore", over="dataset"), Line("clip"))), [unit_scan()])
    assert fitted.edited(fitted.lines).lock == fitted.lock is not None
    assert fitted.edited((fitted.lines[0], Line("clip", {"high": 2}))).lock is None
    assert fitted.edited(fitted.lines[:1]).lock is None
