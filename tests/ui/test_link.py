"""The address: what it holds comes back, and a damaged one does no harm."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan
from prep_ui.session import link
from tests.strategies import recipes


@given(recipe=recipes(), at=st.dictionaries(st.sampled_from("TCZ"), st.integers(0, 999)))
def test_what_is_written_is_read(recipe: Recipe, at: dict[str, int]) -> None:
    asked = link.read(link.write("ct_chest", recipe, at, 2))
    assert asked.line == 2
    assert asked.sample == "ct_chest"
    assert asked.at == at
    assert asked.recipe == (recipe if recipe.lines else None)


@given(parameters=st.dictionaries(st.sampled_from(["sample", "recipe", "line", "T", "C", "Z"]), st.text(max_size=40)))
def test_any_address_is_read_without_harm(parameters: dict[str, str]) -> None:
    asked = link.read(parameters)
    assert asked.recipe is None or isinstance(asked.recipe, Recipe)


def test_a_bomb_in_the_address_is_left_out() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode()
    assert link.read({"recipe": bomb[: link.LONGEST]}).recipe is None


def test_a_recipe_too_long_for_an_address_is_left_out() -> None:
    long = Recipe(tuple(Line("clip", {"low": -i / 7, "high": i / 3 + 1}) for i in range(50)), name="x" * 200)
    packed = link.write("", long, {}, 0)
    assert len(packed.get("recipe", "")) <= link.LONGEST


def test_what_an_address_cannot_hold_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    off = {i: Line("clip", {"low": -float(low), "high": 9.0}) for i, low in enumerate(rng.uniform(0, 1, 50))}
    long = Recipe(tuple(off.values()))
    monkeypatch.setattr(link, "LONGEST", 1000)
    full = link.write("", long, {}, 0, off)
    assert ("recipe" in full, "off" in full) == (True, False)
    assert link.read(full).lost == ("off",)
    monkeypatch.setattr(link, "LONGEST", 500)
    beyond = link.write("", long, {}, 0, {}, ("scans",))
    assert "recipe" not in beyond
    assert link.read(beyond).lost == ("scans", "recipe")
    monkeypatch.undo()
    assert link.read(link.write("", Recipe((Line("gamma"),)), {}, 0, off)).lost == ()


@given(
    off=st.dictionaries(st.integers(0, 63), st.sampled_from([Line("gamma"), Line("zscore"), Line("n4")]), max_size=4)
)
def test_lines_that_are_switched_off_are_read_at_their_places(off: dict[int, Line]) -> None:
    assert link.read(link.write("", Recipe(), {}, 0, off)).off == off


def test_lines_that_were_fitted_with_arrays_wait_for_their_training_set_again() -> None:
    rng = np.random.default_rng(0)
    scans = [Scan(rng.uniform(1, 2, (8, 8)).astype(np.float32), "YX") for _ in range(4)]
    lines = (Line("gamma"), Line("standardize_map"), Line("zscore", over="dataset"))
    fitted = fit(Recipe((Line("rescale", {"divide": 4}), *lines)), scans)
    asked = link.read(link.write("", fitted, {}, 0))
    assert asked.recipe is not None
    assert asked.recipe.waiting == (3, 4)
    assert asked.lost == ("arrays",)
    assert [line.step for line in asked.recipe.lines] == [line.step for line in fitted.lines]
