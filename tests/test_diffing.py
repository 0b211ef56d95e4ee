"""The difference of two recipes: by line, as text, and on the command line."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core import Recipe, fit
from prep_core.cli import main
from prep_core.diffing import diff, sentences, unified
from prep_core.line import Line
from prep_core.scan import Scan, voxel_affine

CLIP = Line("clip", {"low": -200.0, "high": 400.0})
MINMAX = Line("minmax")
ZSCORE = Line("zscore", over="dataset")
BLUR = Line("gaussian", {"sigma": 2.0})

LINES = st.sampled_from([CLIP, MINMAX, ZSCORE, BLUR, replace(CLIP, params={"low": -0.0, "high": 400.0}), Line("gamma")])
RECIPES = st.builds(
    lambda lines, name: Recipe(tuple(lines), name), st.lists(LINES, max_size=6), st.sampled_from(["a", "b"])
)


def of(*lines: Line, name: str = "recipe") -> Recipe:
    return Recipe(lines, name)


def in_words(first: Recipe, second: Recipe) -> list[str]:
    return sentences(diff(first, second))


def test_a_changed_parameter_is_told_with_both_values() -> None:
    other = replace(CLIP, params={"low": -150.0, "high": 400.0})
    assert in_words(of(CLIP, MINMAX), of(other, MINMAX)) == ["line 1 changed: clip", "  low -200.0 -> -150.0"]


def test_added_and_removed_lines_are_told_with_all_they_say() -> None:
    assert in_words(of(CLIP, MINMAX), of(CLIP)) == [
        "line 2 removed: minmax",
        "  out_low 0.0 -> none",
        "  out_high 1.0 -> none",
        "  over image -> none",
        "  per all -> none",
        "  inside all -> none",
    ]
    assert in_words(of(CLIP), of(BLUR, CLIP)) == [
        "line 1 added: gaussian",
        "  sigma 2.0",
        "  lengths_in mm",
        "  extent volume",
    ]


def test_a_changed_line_below_an_added_one_is_still_the_same_line() -> None:
    words = in_words(of(CLIP, MINMAX), of(BLUR, CLIP, Line("minmax", per="plane")))
    assert words[-2:] == ["line 2 changed, now line 3: minmax", "  per all -> plane"]
    assert not any("clip" in word for word in words)


def test_a_line_that_only_changed_its_place_has_moved() -> None:
    assert in_words(of(CLIP, MINMAX, ZSCORE), of(ZSCORE, CLIP, MINMAX)) == ["line 3 moved to 1: zscore"]


def test_of_two_lines_of_a_step_the_one_that_is_equal_is_kept() -> None:
    weak = Line("gaussian", {"sigma": 0.5})
    found = diff(of(BLUR, weak), of(weak))
    assert [(line.kind, line.old, line.new) for line in found.lines] == [("removed", 1, None)]


def test_names_differ_and_lines_do_not() -> None:
    found = diff(of(CLIP, name="a"), of(CLIP, name="b"))
    assert sentences(found) == ["name: a -> b"]
    assert (found.same, found.same_lines) == (False, True)
    assert diff(of(CLIP), of(CLIP)).same


def test_fitted_numbers_are_compared_one_by_one() -> None:
    scans = [Scan(np.full((4, 4), v, np.float32) + np.eye(4), "YX", voxel_affine()) for v in (0, 5)]
    waiting = of(ZSCORE)
    first, second = fit(waiting, scans[:1]), fit(waiting, scans)
    words = in_words(first, second)
    # By hand: a quarter of 16 voxels are one higher, so the mean is 0.25; of both scans 2.75.
    assert "  fitted mean 0.25 -> 2.75" in words
    assert "  fitted scans 1 -> 2" in words
    assert "trained_on scans: 1 -> 2" in words
    assert any(word.startswith("lock: ") for word in words)
    assert "  fitted mean 0.25" in in_words(waiting, first)


@given(RECIPES, RECIPES)
def test_recipes_are_the_same_exactly_where_their_digests_and_texts_are(first: Recipe, second: Recipe) -> None:
    found = diff(first, second)
    assert found.same_lines == (first.digest == second.digest)
    assert found.same == (first.to_yaml() == second.to_yaml())


@given(RECIPES, RECIPES)
def test_what_is_added_and_removed_makes_one_recipe_of_the_other(first: Recipe, second: Recipe) -> None:
    lines = diff(first, second).lines
    gone = {line.old for line in lines if line.kind in ("removed", "moved")}
    come = {line.new for line in lines if line.kind in ("added", "moved")}
    stay = [line.step for i, line in enumerate(first.lines, start=1) if i not in gone]
    assert stay == [line.step for i, line in enumerate(second.lines, start=1) if i not in come]
    moved = [(line.old, line.new) for line in lines if line.kind == "moved"]
    assert all(first.lines[old - 1] == second.lines[new - 1] for old, new in moved)


@given(RECIPES, RECIPES)
def test_the_unified_diff_is_that_of_the_texts(first: Recipe, second: Recipe) -> None:
    text = unified(first, second, ("A", "B"))
    marked = {sign: Counter(line[1:] for line in text.splitlines()[2:] if line[0] == sign) for sign in "+-"}
    one, other = (Counter(recipe.to_yaml().splitlines()) for recipe in (first, second))
    assert one - marked["-"] + marked["+"] == other
    assert bool(text) == (first.to_yaml() != second.to_yaml())


def test_a_minus_zero_is_another_value() -> None:
    zero, minus = (of(Line("clip", {"low": low, "high": 1.0})) for low in (0.0, -0.0))
    assert in_words(zero, minus) == ["line 1 changed: clip", "  low 0.0 -> -0.0"]


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(of(CLIP, MINMAX).to_yaml())
    other.write_text("prep: 1\nname: recipe\nsteps:\n- {step: clip, low: -200, high: 500}\n- {step: minmax}\n")
    return str(one), str(other)


def test_the_command_prints_the_differences(two: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *two]) == 0
    assert capsys.readouterr().out == "line 1 changed: clip\n  high 400.0 -> 500.0\n"
    assert main(["diff", *two, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["same"], record["lines"][0]["values"]) == (False, [{"name": "high", "old": 400.0, "new": 500.0}])
    assert main(["diff", *two, "--unified"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"--- {two[0]}\n+++ {two[1]}\n")
    assert "-  high: 400.0\n+  high: 500.0\n" in out


def test_the_command_says_same(two: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", two[0], two[0]]) == 0
    assert capsys.readouterr().out == "same\n"
    renamed = tmp_path / "renamed.yaml"
    renamed.write_text(of(CLIP, MINMAX, name="other").to_yaml())
    assert main(["diff", two[0], str(renamed)]) == 0
    assert capsys.readouterr().out == "name: recipe -> other\nsame lines: both give the same bytes\n"


def test_the_command_refuses_what_is_no_recipe(two: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", two[0], f"{two[1]}.not"]) == 2
    streams = capsys.readouterr()
    assert (streams.out, "cannot be read" in streams.err) == ("", True)
