"""A recipe with reasons: comments and nothing else, on every step."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from prep_core.cli import main
from prep_core.explained import explained
from prep_core.line import Fitted, Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.steps import STEPS
from tests.strategies import recipes, unit_scan
from tests.suited import ready, suited_scan


def uncommented(text: str) -> str:
    """Without comments, as PyYAML reads them: from its tokens, written as a plain structure."""
    return yaml.safe_dump(yaml.safe_load(text))


def one_line(text: str) -> str:
    """The comments of `text`, joined."""
    return " ".join(row.lstrip(" #") for row in text.splitlines() if row.lstrip().startswith("#"))


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_explained_and_reads_back_equal(step: str) -> None:
    recipe = Recipe((Line(step), Line(step)))
    text = explained(recipe)
    back = Recipe.from_yaml(text)
    assert (back, back.digest, back.to_yaml()) == (recipe, recipe.digest, recipe.to_yaml())
    assert one_line(text).count(STEPS[step].help) == 2
    rows = text.splitlines()
    assert max(map(len, rows)) <= 100
    for field in (field for field in STEPS[step].fields.values() if not field.p.later):
        first = next(i for i, row in enumerate(rows) if row.startswith(f"  {field.name}:"))
        assert field.p.help in " ".join(row.strip(" #") for row in rows[first - 4 : first + 1])


@given(recipes())
def test_any_recipe_reads_back_equal(recipe: Recipe) -> None:
    back = Recipe.from_yaml(explained(recipe, "HU"))
    assert (back, back.digest) == (recipe, recipe.digest)


@pytest.mark.parametrize("names", ["a\nb: 1 # c", "- step: x\n\n  names: y", "#", "a'b\n# d", "x" * 200])
def test_text_of_a_recipe_that_looks_like_yaml_stays_text(names: str) -> None:
    recipe = Recipe((Line("select_channels", {"names": names}), Line("clip")), name="a # b")
    assert Recipe.from_yaml(explained(recipe)) == recipe


def test_comments_are_all_that_is_added() -> None:
    recipe = ready(Line("zscore", over="dataset"), suited_scan("zscore"))
    text = explained(recipe, "HU")
    bare = [row.split("  # ")[0] for row in text.splitlines() if row.strip() and not row.lstrip().startswith("#")]
    assert bare == recipe.to_yaml().splitlines()
    assert uncommented(text) == uncommented(recipe.to_yaml())


def test_a_fitted_recipe_with_arrays_and_lock_reads_back_equal() -> None:
    scan = unit_scan()
    other = replace(scan, data=scan.data * 2)
    recipe = fit(Recipe((Line("standardize_map"), Line("clip"))), [scan, other])
    text = explained(recipe)
    assert recipe.lock is not None
    assert Recipe.from_yaml(text, recipe.arrays) == recipe
    assert "Measured on 2 scans" in text
    assert " 1 x 3 x 20 x 24 numbers" in text
    assert "The training set: 2 scans" in text
    assert "# The lock:" in text


def test_the_population_is_prose() -> None:
    words = one_line(explained(Recipe((Line("zscore", {}, "dataset", "plane", "foreground", "scans"),))))
    assert (
        "Measured over the training set, each scan counting alike, each plane for itself, from the foreground (Otsu)"
        in words
    )
    assert "It waits for its training set" in words
    assert "Measured over" not in explained(Recipe((Line("clip"),)))


def test_units_follow_the_lines() -> None:
    text = explained(Recipe((Line("clip"), Line("decibel"), Line("clip"), Line("minmax"), Line("clip"))), "HU")
    lows = [row.split("# ")[1].split("]")[0] for row in text.splitlines() if row.startswith("  low:")]
    assert lows[:2] == ["[HU", "[dB"]
    assert not lows[2].startswith("[")
    assert "The result is in dB." in one_line(text)
    assert "The result has no unit." in one_line(text)


def test_measured_numbers_are_told() -> None:
    line = Line("zscore", over="dataset", fitted=Fitted({"mean": -31.25, "std": 9.5}, 40, 7340, Recipe().digest))
    assert "Measured on 40 scans, 7340 voxels: mean -31.25, std 9.5." in one_line(explained(Recipe((line,))))


@given(st.text(), st.text())
def test_reasons_stand_above_their_lines_and_are_comments_whatever_they_say(reason: str, opening: str) -> None:
    recipe = Recipe((Line("clip"), Line("decibel")))
    assert Recipe.from_yaml(explained(recipe, reasons=(reason, ""), opening=opening)) == recipe


def test_a_reason_stands_above_its_line() -> None:
    recipe = Recipe((Line("clip"), Line("decibel")))
    text = explained(recipe, reasons=("", "Two words."), opening="Taken as OCT.")
    above, below = text.split("- step: decibel")
    assert text.startswith("# Taken as OCT.\n#")
    assert above.endswith("#    Why: Two words.\n")
    assert above.count("Why:") == 1
    assert "Why:" not in below
    assert text.replace("#    Why: Two words.\n", "") == explained(recipe, opening="Taken as OCT.")


def test_a_parameter_that_does_not_matter_says_so() -> None:
    text = one_line(explained(Recipe((Line("background_subtract"),))))
    row = next(r for r in explained(Recipe((Line("background_subtract"),))).splitlines() if "height:" in r)
    assert "Not used: method is not rolling_ball." in row + text


def test_the_command_line_explains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = Recipe((Line("window"),), modality="CT")
    (tmp_path / "r.yaml").write_text(recipe.to_yaml())
    assert main(["explain", str(tmp_path / "r.yaml")]) == 0
    out = capsys.readouterr().out
    assert out == explained(recipe, "HU")
    assert "[HU] Value shown as mid-grey." in out
